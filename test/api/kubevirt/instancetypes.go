package main

import (
	"encoding/json"
	"fmt"
	"strings"

	k8sfield "k8s.io/apimachinery/pkg/util/validation/field"

	v1 "kubevirt.io/api/core/v1"
	"kubevirt.io/api/instancetype/v1beta1"
)

// instanceOfType judges the instance that is made of a VM whose instancetype is in the case, after the release has applied it.
func (j *judgement) instanceOfType(name string, vm *v1.VirtualMachine) error {
	var instancetype v1beta1.VirtualMachineClusterInstancetype
	if found, err := j.typeNamed(vm.Spec.Instancetype.Name, "instancetype", &instancetype); err != nil || !found {
		return err
	}
	var preferenceSpec *v1beta1.VirtualMachinePreferenceSpec
	if vm.Spec.Preference != nil {
		var preference v1beta1.VirtualMachineClusterPreference
		found, err := j.typeNamed(vm.Spec.Preference.Name, "preference", &preference)
		if err != nil || !found {
			return err
		}
		preferenceSpec = &preference.Spec
	}
	template := vm.Spec.Template.DeepCopy()
	at := k8sfield.NewPath("spec", "template", "spec")
	j.verdict.Judged++
	if conflicts := applied(at, &instancetype.Spec, preferenceSpec, &template.Spec, &template.ObjectMeta); len(conflicts) > 0 {
		j.refuse(name, fmt.Sprintf("VM field(s) %s conflicts with selected instance type", strings.Join(conflicts, ", ")))
		return nil
	}
	raw, err := json.Marshal(template.Spec)
	if err != nil {
		return err
	}
	j.verdict.Applied = append(j.verdict.Applied, raw)
	return j.instanceOf(name, vm.Namespace, vm.Name, template)
}

// typeNamed reads an instancetype or preference of the case, whether of a namespace or of the cluster: their specs are the same.
func (j *judgement) typeNamed(name, kind string, into any) (bool, error) {
	for _, raw := range j.types {
		var this head
		if err := json.Unmarshal(raw, &this); err != nil {
			return false, err
		}
		if this.Metadata.Name == name && strings.HasSuffix(strings.ToLower(this.Kind), kind) {
			return true, json.Unmarshal(raw, into)
		}
	}
	return false, nil
}
