// Command kubevirt lets the admission code of one KubeVirt release judge what hostdev wrote. It is built once per release, from the
// release's own modules: `go build -modfile=release-1.6.mod`.
//
//	kubevirt crds < /dev/null     the release's own CustomResourceDefinitions, as a JSON list
//	kubevirt admit < cases        a verdict per case, one JSON object a line each
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"kubevirt.io/kubevirt/pkg/virt-operator/resource/generate/components"
)

func main() {
	var err error
	switch {
	case len(os.Args) == 2 && os.Args[1] == "crds":
		err = printCRDs(os.Stdout)
	case len(os.Args) == 2 && os.Args[1] == "admit":
		err = judge(os.Stdin, os.Stdout)
	default:
		err = fmt.Errorf("usage: kubevirt crds|admit")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func printCRDs(out io.Writer) error {
	makers := []func() (*extv1.CustomResourceDefinition, error){
		components.NewKubeVirtCrd,
		components.NewVirtualMachineCrd,
		components.NewVirtualMachineInstanceCrd,
		components.NewReplicaSetCrd,
		components.NewVirtualMachinePoolCrd,
		components.NewVirtualMachineInstancetypeCrd,
		components.NewVirtualMachineClusterInstancetypeCrd,
		components.NewVirtualMachinePreferenceCrd,
		components.NewVirtualMachineClusterPreferenceCrd,
	}
	var crds []*extv1.CustomResourceDefinition
	for _, newCRD := range makers {
		crd, err := newCRD()
		if err != nil {
			return err
		}
		crds = append(crds, crd)
	}
	return json.NewEncoder(out).Encode(crds)
}

// Case is one configuration and the objects that come with it.
type Case struct {
	ID string `json:"id"`
	// The KubeVirt object before and after the patch: what the API server made of it.
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
	// VirtualMachines, instances, replica sets and pools; others are passed over.
	Objects []json.RawMessage `json:"objects"`
	// Instancetypes and preferences that VirtualMachines name.
	Instancetypes []json.RawMessage `json:"instancetypes"`
}

// Verdict is what the release says.
type Verdict struct {
	ID       string   `json:"id"`
	Refusals []string `json:"refusals"`
	Warnings []string `json:"warnings"`
	// How many requests were judged.
	Judged int `json:"judged"`
	// What an instancetype made of the specs of instances, in order.
	Applied []json.RawMessage `json:"applied"`
}

func judge(in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	encoder := json.NewEncoder(out)
	for lines.Scan() {
		var one Case
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			return err
		}
		verdict, err := verdictOf(one)
		if err != nil {
			return fmt.Errorf("%s: %w", one.ID, err)
		}
		if err := encoder.Encode(verdict); err != nil {
			return err
		}
	}
	return lines.Err()
}
