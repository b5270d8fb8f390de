//go:build !kubevirt_1_4

package main

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	v1 "kubevirt.io/api/core/v1"
	"kubevirt.io/api/instancetype/v1beta1"
	"kubevirt.io/kubevirt/pkg/instancetype/apply"
	netadmitter "kubevirt.io/kubevirt/pkg/network/admitter"
	"kubevirt.io/kubevirt/pkg/virt-api/webhooks"
	"kubevirt.io/kubevirt/pkg/virt-api/webhooks/validating-webhook/admitters"
	virtconfig "kubevirt.io/kubevirt/pkg/virt-config"
)

// Nobody here is one of KubeVirt's own service accounts.
var serviceAccounts = map[string]struct{}{}

func instanceAdmitter(config *virtconfig.ClusterConfig) admitter {
	network := func(at *field.Path, spec *v1.VirtualMachineInstanceSpec, config *virtconfig.ClusterConfig) []metav1.StatusCause {
		return netadmitter.Validate(at, spec, config)
	}
	return &admitters.VMICreateAdmitter{
		ClusterConfig: config, KubeVirtServiceAccounts: serviceAccounts, SpecValidators: []admitters.SpecValidator{network},
	}
}

func vmAdmitter(config *virtconfig.ClusterConfig) admitter {
	return admitters.NewVMsAdmitter(config, unreachable(), &webhooks.Informers{}, serviceAccounts)
}

func replicaSetAdmitter(config *virtconfig.ClusterConfig) admitter {
	return &admitters.VMIRSAdmitter{ClusterConfig: config}
}

func poolAdmitter(config *virtconfig.ClusterConfig) admitter {
	return &admitters.VMPoolAdmitter{ClusterConfig: config, KubeVirtServiceAccounts: serviceAccounts}
}

// applied puts an instancetype into an instance as the release does, and gives the fields that both state.
func applied(
	at *field.Path, instancetype *v1beta1.VirtualMachineInstancetypeSpec, preference *v1beta1.VirtualMachinePreferenceSpec,
	spec *v1.VirtualMachineInstanceSpec, metadata *metav1.ObjectMeta,
) []string {
	var fields []string
	for _, one := range apply.NewVMIApplier().ApplyToVMI(at, instancetype, preference, spec, metadata) {
		fields = append(fields, one.String())
	}
	return fields
}
