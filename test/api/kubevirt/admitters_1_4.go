//go:build kubevirt_1_4

package main

import (
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
