package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	structuraldefaulting "k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apiextensions-apiserver/pkg/controller/openapi/builder"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresource"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/apiserver/pkg/registry/rest"
	"sigs.k8s.io/yaml"
)

// definition is one version of a custom resource, as the server serves it.
type definition struct {
	kind       schema.GroupVersionKind
	namespaced bool
	structural *structuralschema.Structural
	strategy   strategy
	types      managedfields.TypeConverter
}

type strategy interface {
	rest.RESTCreateStrategy
	rest.RESTUpdateStrategy
}

// definitions by KubeVirt's release, "" for those that are the same under every release.
type definitions map[string]map[schema.GroupVersionKind]*definition

func (d definitions) find(release string, kind schema.GroupVersionKind) *definition {
	if found := d[release][kind]; found != nil {
		return found
	}
	return d[""][kind]
}

func readDefinitions(folder string) (definitions, error) {
	result := definitions{}
	files, err := filepath.Glob(filepath.Join(folder, "*", "*"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		release := filepath.Base(filepath.Dir(file))
		if release == "common" {
			release = ""
		}
		crds, err := readCRDs(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if result[release] == nil {
			result[release] = map[schema.GroupVersionKind]*definition{}
		}
		for _, crd := range crds {
			if err := define(crd, result[release]); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", file, crd.Name, err)
			}
		}
	}
	return result, nil
}

func readCRDs(file string) ([]*extv1.CustomResourceDefinition, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(file, ".json") {
		var crds []*extv1.CustomResourceDefinition
		return crds, json.Unmarshal(text, &crds)
	}
	var crds []*extv1.CustomResourceDefinition
	for _, document := range strings.Split("\n"+string(text), "\n---\n") {
		if strings.TrimSpace(document) == "" || strings.TrimSpace(document) == "---" {
			continue
		}
		crd := &extv1.CustomResourceDefinition{}
		if err := yaml.Unmarshal([]byte(document), crd); err != nil {
			return nil, err
		}
		if crd.Kind == "CustomResourceDefinition" {
			crds = append(crds, crd)
		}
	}
	return crds, nil
}

func define(crd *extv1.CustomResourceDefinition, into map[schema.GroupVersionKind]*definition) error {
	extv1.SetDefaults_CustomResourceDefinitionSpec(&crd.Spec)
	for _, version := range crd.Spec.Versions {
		if !version.Served {
			continue
		}
		kind := schema.GroupVersionKind{Group: crd.Spec.Group, Version: version.Name, Kind: crd.Spec.Names.Kind}
		one, err := defineVersion(crd, version, kind)
		if err != nil {
			return fmt.Errorf("%s: %w", version.Name, err)
		}
		into[kind] = one
	}
	return nil
}

func defineVersion(
	crd *extv1.CustomResourceDefinition, version extv1.CustomResourceDefinitionVersion, kind schema.GroupVersionKind,
) (*definition, error) {
	internal := &apiextensions.CustomResourceValidation{}
	if version.Schema != nil {
		if err := extv1.Convert_v1_CustomResourceValidation_To_apiextensions_CustomResourceValidation(version.Schema, internal, nil); err != nil {
			return nil, err
		}
	}
	structural, err := structuralschema.NewStructural(internal.OpenAPIV3Schema)
	if err != nil {
		return nil, err
	}
	if err := structuraldefaulting.PruneDefaults(structural); err != nil {
		return nil, err
	}
	validator, _, err := validation.NewSchemaValidator(internal.OpenAPIV3Schema)
	if err != nil {
		return nil, err
	}
	var status *apiextensions.CustomResourceSubresourceStatus
	var scale *apiextensions.CustomResourceSubresourceScale
	if version.Subresources != nil && version.Subresources.Status != nil {
		status = &apiextensions.CustomResourceSubresourceStatus{}
	}
	spec, err := builder.BuildOpenAPIV3(crd, version.Name, builder.Options{})
	if err != nil {
		return nil, err
	}
	types, err := managedfields.NewTypeConverter(spec.Components.Schemas, crd.Spec.PreserveUnknownFields)
	if err != nil {
		return nil, err
	}
	namespaced := crd.Spec.Scope == extv1.NamespaceScoped
	return &definition{
		kind:       kind,
		namespaced: namespaced,
		structural: structural,
		types:      types,
		strategy: customresource.NewStrategy(
			unstructuredTyper{}, namespaced, kind, validator, validator, structural, status, scale, version.SelectableFields,
		),
	}, nil
}

// unstructuredTyper says what an object says of itself.
type unstructuredTyper struct{}

func (unstructuredTyper) ObjectKinds(object runtime.Object) ([]schema.GroupVersionKind, bool, error) {
	return []schema.GroupVersionKind{object.GetObjectKind().GroupVersionKind()}, false, nil
}

func (unstructuredTyper) Recognizes(schema.GroupVersionKind) bool { return true }
