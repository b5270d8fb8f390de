// Package core stands in for KubeVirt 1.9's templates, which its informers name and no admission code reads: the module proxy does not
// have the module.
package core

const (
	GroupName            = "template.kubevirt.io"
	SingularResourceName = "virtualmachinetemplate"
	PluralResourceName   = "virtualmachinetemplates"
)
