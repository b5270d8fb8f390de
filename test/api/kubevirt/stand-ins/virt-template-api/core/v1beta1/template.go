// Package v1beta1 stands in for KubeVirt 1.9's templates: see package core.
package v1beta1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// VirtualMachineTemplate is what an informer is made for that nothing here starts.
type VirtualMachineTemplate struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
}

func (template *VirtualMachineTemplate) DeepCopyObject() runtime.Object {
	copied := *template
	copied.ObjectMeta = *template.ObjectMeta.DeepCopy()
	return &copied
}
