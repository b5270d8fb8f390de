package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	structuraldefaulting "k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	schemaobjectmeta "k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	structuralpruning "k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	genericrequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/warning"
	"sigs.k8s.io/yaml"
)

// maxRequest is what an API server takes at most.
const maxRequest = 3 * 1024 * 1024

// create judges one object as a POST with strict field validation does.
func create(definitions definitions, release, text string, verdict *Verdict) {
	verdict.Judged++
	object, err := decode(text)
	if err != nil {
		verdict.refuse(strings.SplitN(text, "\n", 6)[0], err)
		return
	}
	name := nameOf(object)
	if len(text) > maxRequest {
		verdict.refuse(name, fmt.Errorf("%d bytes are more than a server takes", len(text)))
	}
	ctx := contextFor(object, verdict, name)
	if found := definitions.find(release, object.GroupVersionKind()); found != nil {
		for _, err := range found.strict(object) {
			verdict.refuse(name, err)
		}
		rest.FillObjectMetaSystemFields(object)
		if err := rest.BeforeCreate(found.strategy, ctx, object); err != nil {
			verdict.refuse(name, err)
		}
		return
	}
	if err := createCore(ctx, object.GroupVersionKind(), text); err != nil {
		verdict.refuse(name, err)
	}
}

// decode reads a text as clients do: a key that is there twice is an error.
func decode(text string) (*unstructured.Unstructured, error) {
	json, err := yaml.YAMLToJSONStrict([]byte(text))
	if err != nil {
		return nil, err
	}
	object := &unstructured.Unstructured{}
	if err := object.UnmarshalJSON(json); err != nil {
		return nil, err
	}
	if object.GetName() == "" {
		return nil, errors.New("an object without a name")
	}
	return object, nil
}

// strict names the fields that the API does not know, and sets the defaults of those that are not there.
func (d *definition) strict(object *unstructured.Unstructured) []error {
	var found []error
	options := structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	for _, path := range structuralpruning.PruneWithOptions(object.Object, d.structural, true, options) {
		found = append(found, fmt.Errorf("unknown field %q", path))
	}
	err, unknown := schemaobjectmeta.CoerceWithOptions(nil, object.Object, d.structural, true, schemaobjectmeta.CoerceOptions{
		ReturnUnknownFieldPaths: true,
	})
	if err != nil {
		found = append(found, err)
	}
	for _, path := range unknown {
		found = append(found, fmt.Errorf("unknown field %q", path))
	}
	structuraldefaulting.Default(object.Object, d.structural)
	return found
}

func nameOf(object *unstructured.Unstructured) string {
	return object.GetKind() + " " + object.GetNamespace() + "/" + object.GetName()
}

// recorder takes the server's warnings.
type recorder struct {
	verdict *Verdict
	name    string
}

func (r recorder) AddWarning(_, text string) {
	r.verdict.Warnings = append(r.verdict.Warnings, r.name+": "+text)
}

func contextFor(object *unstructured.Unstructured, verdict *Verdict, name string) context.Context {
	ctx := warning.WithWarningRecorder(context.Background(), recorder{verdict, name})
	ctx = genericrequest.WithRequestInfo(ctx, &genericrequest.RequestInfo{
		IsResourceRequest: true, APIGroup: object.GroupVersionKind().Group, APIVersion: object.GroupVersionKind().Version, Verb: "create",
	})
	return genericrequest.WithNamespace(ctx, object.GetNamespace())
}
