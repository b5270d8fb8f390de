package main

import (
	"context"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	_ "k8s.io/kubernetes/pkg/apis/resource/install"
	"k8s.io/kubernetes/pkg/registry/apps/daemonset"
	"k8s.io/kubernetes/pkg/registry/batch/job"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	"k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/serviceaccount"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrole"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrolebinding"
	"k8s.io/kubernetes/pkg/registry/rbac/role"
	"k8s.io/kubernetes/pkg/registry/rbac/rolebinding"
	"k8s.io/kubernetes/pkg/registry/resource/resourceclaim"
	"k8s.io/kubernetes/pkg/registry/resource/resourceclaimtemplate"
	"sigs.k8s.io/yaml"
)

var strategies = map[string]rest.RESTCreateStrategy{
	"DaemonSet":             daemonset.Strategy,
	"Job":                   job.Strategy,
	"ConfigMap":             configmap.Strategy,
	"Namespace":             namespace.Strategy,
	"ServiceAccount":        serviceaccount.Strategy,
	"ClusterRole":           clusterrole.Strategy,
	"ClusterRoleBinding":    clusterrolebinding.Strategy,
	"Role":                  role.Strategy,
	"RoleBinding":           rolebinding.Strategy,
	"ResourceClaim":         resourceclaim.NewStrategy(nil),
	"ResourceClaimTemplate": resourceclaimtemplate.NewStrategy(nil),
}

// strict decodes into the version that Kubernetes works with inside, with the defaults set.
var strict = serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict).UniversalDecoder()

// createCore judges an object of Kubernetes itself by the strategy of its kind.
func createCore(ctx context.Context, kind schema.GroupVersionKind, text string) error {
	strategy := strategies[kind.Kind]
	if strategy == nil || !legacyscheme.Scheme.Recognizes(kind) {
		return fmt.Errorf("no API for %s", kind)
	}
	json, err := yaml.YAMLToJSONStrict([]byte(text))
	if err != nil {
		return err
	}
	object, _, err := strict.Decode(json, nil, nil)
	if err != nil {
		return err
	}
	meta, ok := object.(metav1.Object)
	if !ok {
		return fmt.Errorf("%s has no metadata", kind)
	}
	rest.FillObjectMetaSystemFields(meta)
	return rest.BeforeCreate(strategy, ctx, object)
}
