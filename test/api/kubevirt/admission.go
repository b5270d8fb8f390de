package main

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	runtimearch "runtime"

	admissionv1 "k8s.io/api/admission/v1"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/cache"

	v1 "kubevirt.io/api/core/v1"
	"kubevirt.io/kubevirt/pkg/defaults"
	virtconfig "kubevirt.io/kubevirt/pkg/virt-config"
	"kubevirt.io/kubevirt/pkg/virt-operator/webhooks"
)

type admitter interface {
	Admit(ctx context.Context, review *admissionv1.AdmissionReview) *admissionv1.AdmissionResponse
}

// head is what tells one object from another.
type head struct {
	APIVersion string            `json:"apiVersion"`
	Kind       string            `json:"kind"`
	Metadata   metav1.ObjectMeta `json:"metadata"`
}

var resources = map[string]string{
	"VirtualMachine":                   "virtualmachines",
	"VirtualMachineInstance":           "virtualmachineinstances",
	"VirtualMachineInstanceReplicaSet": "virtualmachineinstancereplicasets",
	"VirtualMachinePool":               "virtualmachinepools",
	"KubeVirt":                         "kubevirts",
}

// judgement collects what is said about one case.
type judgement struct {
	verdict Verdict
	config  *virtconfig.ClusterConfig
	types   []json.RawMessage
}

func verdictOf(one Case) (Verdict, error) {
	config, kubevirt, err := clusterConfig(one.After)
	if err != nil {
		return Verdict{}, err
	}
	j := &judgement{verdict: Verdict{ID: one.ID, Refusals: []string{}, Warnings: []string{}, Applied: []json.RawMessage{}}, config: config, types: one.Instancetypes}
	j.review("KubeVirt", "kubevirt.io/v1", admissionv1.Update, one.After, one.Before, webhooks.NewKubeVirtUpdateAdmitter(nil, config))
	// a configuration that KubeVirt refuses is passed over in its log only, and the last one that was valid holds
	if taken := config.GetConfig().PermittedHostDevices; !reflect.DeepEqual(taken, kubevirt.Spec.Configuration.PermittedHostDevices) {
		j.refuse("KubeVirt", "the configuration is not taken over")
	}
	for _, raw := range one.Objects {
		var object head
		if err := json.Unmarshal(raw, &object); err != nil {
			return Verdict{}, err
		}
		if err := j.object(object, raw); err != nil {
			return Verdict{}, err
		}
	}
	return j.verdict, nil
}

func (j *judgement) object(object head, raw json.RawMessage) error {
	name := object.Kind + " " + object.Metadata.Namespace + "/" + object.Metadata.Name
	switch object.Kind {
	case "VirtualMachineInstance":
		return j.instance(name, raw)
	case "VirtualMachine":
		var vm v1.VirtualMachine
		if err := json.Unmarshal(raw, &vm); err != nil {
			return err
		}
		// its admitter asks the cluster for an instancetype, and then applies it as is done here
		if vm.Spec.Instancetype != nil {
			return j.instanceOfType(name, &vm)
		}
		j.review(name, object.APIVersion, admissionv1.Create, raw, nil, vmAdmitter(j.config))
		if vm.Spec.Template == nil {
			return nil
		}
		return j.instanceOf(name, vm.Namespace, vm.Name, vm.Spec.Template)
	case "VirtualMachineInstanceReplicaSet":
		j.review(name, object.APIVersion, admissionv1.Create, raw, nil, replicaSetAdmitter(j.config))
		var set v1.VirtualMachineInstanceReplicaSet
		if err := json.Unmarshal(raw, &set); err != nil {
			return err
		}
		return j.instanceOf(name, set.Namespace, set.Name, set.Spec.Template)
	case "VirtualMachinePool":
		j.review(name, object.APIVersion, admissionv1.Create, raw, nil, poolAdmitter(j.config))
		// either version of the API has the template in this place
		var pool struct {
			Spec struct {
				VirtualMachineTemplate struct {
					Metadata metav1.ObjectMeta     `json:"metadata"`
					Spec     v1.VirtualMachineSpec `json:"spec"`
				} `json:"virtualMachineTemplate"`
			} `json:"spec"`
		}
		if err := json.Unmarshal(raw, &pool); err != nil {
			return err
		}
		template := pool.Spec.VirtualMachineTemplate
		vm := v1.VirtualMachine{ObjectMeta: template.Metadata, Spec: template.Spec}
		vm.TypeMeta = metav1.TypeMeta{APIVersion: "kubevirt.io/v1", Kind: "VirtualMachine"}
		vm.Name, vm.Namespace = object.Metadata.Name+"-0", object.Metadata.Namespace
		made, err := json.Marshal(vm)
		if err != nil {
			return err
		}
		return j.object(head{APIVersion: vm.APIVersion, Kind: vm.Kind, Metadata: vm.ObjectMeta}, made)
	default:
		return nil
	}
}

// instanceOf judges the instance that a controller makes from a template.
func (j *judgement) instanceOf(owner, namespace, name string, template *v1.VirtualMachineInstanceTemplateSpec) error {
	if template == nil {
		return nil
	}
	made := v1.VirtualMachineInstance{ObjectMeta: *template.ObjectMeta.DeepCopy(), Spec: template.Spec}
	made.TypeMeta = metav1.TypeMeta{APIVersion: "kubevirt.io/v1", Kind: "VirtualMachineInstance"}
	made.Name, made.Namespace = name, namespace
	raw, err := json.Marshal(made)
	if err != nil {
		return err
	}
	return j.instance(owner+": its instance", raw)
}

// instance judges what the defaults of the release leave: they are set before the admitter looks.
func (j *judgement) instance(name string, raw json.RawMessage) error {
	var vmi v1.VirtualMachineInstance
	if err := json.Unmarshal(raw, &vmi); err != nil {
		return err
	}
	if vmi.Spec.Architecture == "" {
		vmi.Spec.Architecture = j.config.GetDefaultArchitecture()
	}
	if err := defaults.SetDefaultVirtualMachineInstance(j.config, &vmi); err != nil {
		j.refuse(name, err.Error())
		return nil
	}
	defaulted, err := json.Marshal(vmi)
	if err != nil {
		return err
	}
	j.review(name, "kubevirt.io/v1", admissionv1.Create, defaulted, nil, instanceAdmitter(j.config))
	return nil
}

func (j *judgement) review(
	name, apiVersion string, operation admissionv1.Operation, object, old json.RawMessage, by admitter,
) {
	var this head
	if err := json.Unmarshal(object, &this); err != nil {
		j.refuse(name, err.Error())
		return
	}
	group, version := splitVersion(apiVersion)
	review := &admissionv1.AdmissionReview{Request: &admissionv1.AdmissionRequest{
		Operation: operation,
		Namespace: this.Metadata.Namespace,
		Name:      this.Metadata.Name,
		Resource:  metav1.GroupVersionResource{Group: group, Version: version, Resource: resources[this.Kind]},
		Object:    runtime.RawExtension{Raw: object},
		OldObject: runtime.RawExtension{Raw: old},
	}}
	j.verdict.Judged++
	response := admitted(by, review)
	if !response.Allowed {
		if details := response.Result.Details; details != nil && len(details.Causes) > 0 {
			for _, cause := range details.Causes {
				j.refuse(name, cause.Field+": "+cause.Message)
			}
		} else {
			j.refuse(name, response.Result.Message)
		}
	}
	for _, warning := range response.Warnings {
		// of a gate that there is nothing to say of, KubeVirt says nothing
		if warning == "" {
			continue
		}
		j.verdict.Warnings = append(j.verdict.Warnings, name+": "+warning)
	}
}

// admitted is a refusal where the admitter breaks: the API server refuses too when a webhook does not answer.
func admitted(by admitter, review *admissionv1.AdmissionReview) (response *admissionv1.AdmissionResponse) {
	defer func() {
		if broken := recover(); broken != nil {
			response = &admissionv1.AdmissionResponse{Result: &metav1.Status{Message: fmt.Sprintf("the admission code panics: %v", broken)}}
		}
	}()
	return by.Admit(context.Background(), review)
}

func (j *judgement) refuse(name, reason string) {
	j.verdict.Refusals = append(j.verdict.Refusals, name+": "+reason)
}

func splitVersion(apiVersion string) (group, version string) {
	for i := range apiVersion {
		if apiVersion[i] == '/' {
			return apiVersion[:i], apiVersion[i+1:]
		}
	}
	return "", apiVersion
}

func clusterConfig(raw json.RawMessage) (*virtconfig.ClusterConfig, *v1.KubeVirt, error) {
	var kubevirt v1.KubeVirt
	if err := json.Unmarshal(raw, &kubevirt); err != nil {
		return nil, nil, err
	}
	kubevirt.ResourceVersion = "1"
	kubevirt.Status.Phase = v1.KubeVirtPhaseDeployed
	if kubevirt.Status.DefaultArchitecture == "" {
		// what virt-operator writes there
		kubevirt.Status.DefaultArchitecture = runtimearch.GOARCH
	}
	crds := emptyInformer(&extv1.CustomResourceDefinition{})
	objects := emptyInformer(&v1.KubeVirt{})
	if err := objects.GetStore().Add(&kubevirt); err != nil {
		return nil, nil, err
	}
	config, err := virtconfig.NewClusterConfig(crds, objects, kubevirt.Namespace)
	return config, &kubevirt, err
}

func emptyInformer(of runtime.Object) cache.SharedIndexInformer {
	return cache.NewSharedIndexInformer(&cache.ListWatch{}, of, 0, cache.Indexers{})
}
