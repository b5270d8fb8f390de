package main

import (
	"errors"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/managedfields/managedfieldstest"
	"k8s.io/apiserver/pkg/registry/rest"
)

const (
	others = "somebody-else"
	ours   = "hostdev"
)

// apply judges a patch as server-side apply does, over an object that somebody else wrote: first without force, for the conflicts, then
// with it, for what it becomes.
func apply(definitions definitions, one Case, verdict *Verdict) error {
	verdict.Judged++
	live, err := decode(one.Live)
	if err != nil {
		return fmt.Errorf("live object: %w", err)
	}
	patch, err := decode(one.Patch)
	if err != nil {
		verdict.refuse("the patch", err)
		return nil
	}
	name := nameOf(patch)
	found := definitions.find(one.Release, patch.GroupVersionKind())
	if found == nil || live.GroupVersionKind() != patch.GroupVersionKind() {
		verdict.refuse(name, fmt.Errorf("no API for %s over %s", patch.GroupVersionKind(), live.GroupVersionKind()))
		return nil
	}
	if errs := found.strict(live); len(errs) > 0 {
		return fmt.Errorf("live object: %w", errors.Join(errs...))
	}
	// defaults are for whole objects
	for _, err := range found.strict(patch.DeepCopy()) {
		verdict.refuse(name, err)
	}
	if patch.GetName() != live.GetName() || patch.GetNamespace() != live.GetNamespace() {
		verdict.refuse(name, fmt.Errorf("the patch is not for %s", nameOf(live)))
	}
	fields := managedfieldstest.NewTestFieldManager(found.types, found.kind)
	if err := fields.Update(live.DeepCopy(), others); err != nil {
		return fmt.Errorf("live object: %w", err)
	}
	verdict.Before = withoutManagers(fields.Live().(*unstructured.Unstructured))
	if err := fields.Apply(patch.DeepCopy(), ours, false); err != nil {
		var status *apierrors.StatusError
		if !errors.As(err, &status) || status.ErrStatus.Details == nil || !apierrors.IsConflict(err) {
			verdict.refuse(name, err)
			return nil
		}
		for _, cause := range status.ErrStatus.Details.Causes {
			verdict.Conflicts = append(verdict.Conflicts, cause.Field)
		}
		if err := fields.Apply(patch.DeepCopy(), ours, true); err != nil {
			verdict.refuse(name, err)
			return nil
		}
	}
	after := fields.Live().(*unstructured.Unstructured)
	for _, err := range found.strict(after) {
		verdict.refuse(name, err)
	}
	ctx := contextFor(after, verdict, name)
	rest.FillObjectMetaSystemFields(live)
	after.SetUID(live.GetUID())
	after.SetCreationTimestamp(live.GetCreationTimestamp())
	live.SetResourceVersion("1")
	after.SetResourceVersion("1")
	if err := rest.BeforeUpdate(found.strategy, ctx, after, live); err != nil {
		verdict.refuse(name, err)
	}
	verdict.After = withoutManagers(after)
	return nil
}

func withoutManagers(object *unstructured.Unstructured) map[string]any {
	copied := object.DeepCopy()
	unstructured.RemoveNestedField(copied.Object, "metadata", "managedFields")
	unstructured.RemoveNestedField(copied.Object, "metadata", "uid")
	unstructured.RemoveNestedField(copied.Object, "metadata", "creationTimestamp")
	return copied.Object
}
