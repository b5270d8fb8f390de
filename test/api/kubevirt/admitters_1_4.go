//go:build kubevirt_1_4

package main

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	v1 "kubevirt.io/api/core/v1"
	"kubevirt.io/api/instancetype/v1beta1"
	"kubevirt.io/kubevirt/pkg/instancetype"
	"kubevirt.io/kubevirt/pkg/virt-api/webhooks"
	"kubevirt.io/kubevirt/pkg/virt-api/webhooks/validating-webhook/admitters"
	virtconfig "kubevirt.io/kubevirt/pkg/virt-config"
)

func instanceAdmitter(config *virtconfig.ClusterConfig) admitter {
	return &admitters.VMICreateAdmitter{ClusterConfig: config}
}

func vmAdmitter(config *virtconfig.ClusterConfig) admitter {
	return admitters.NewVMsAdmitter(config, unreachable(), &webhooks.Informers{})
}

func replicaSetAdmitter(config *virtconfig.ClusterConfig) admitter {
	return &admitters.VMIRSAdmitter{ClusterConfig: config}
}

func poolAdmitter(config *virtconfig.ClusterConfig) admitter {
	return &admitters.VMPoolAdmitter{ClusterConfig: config}
}

// applied puts an instancetype into an instance as the release does, and gives the fields that both state.
func applied(
	at *field.Path, spec *v1beta1.VirtualMachineInstancetypeSpec, preference *v1beta1.VirtualMachinePreferenceSpec,
	into *v1.VirtualMachineInstanceSpec, metadata *metav1.ObjectMeta,
) []string {
	var fields []string
	for _, one := range (&instancetype.InstancetypeMethods{}).ApplyToVmi(at, spec, preference, into, metadata) {
		fields = append(fields, one.String())
	}
	return fields
}
