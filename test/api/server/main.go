// Command server judges what hostdev wrote as a Kubernetes API server does, with the API server's own code and without the server: strict
// decoding, defaults, validation by the CustomResourceDefinitions or by Kubernetes' own strategies, and server-side apply.
//
//	server FOLDER < cases        FOLDER holds CRDs: common/*.yaml, and RELEASE/*.json for those of one KubeVirt; a verdict a line
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// Case is what one fleet came out as.
type Case struct {
	ID string `json:"id"`
	// KubeVirt's release, whose CRDs hold.
	Release string `json:"release"`
	// Texts of objects, as they stand in files.
	Objects []string `json:"objects"`
	// A partial object to apply, by server-side apply, over a live one; both absent where a fleet writes none.
	Patch string `json:"patch"`
	Live  string `json:"live"`
}

// Verdict is what the server says.
type Verdict struct {
	ID       string   `json:"id"`
	Refusals []string `json:"refusals"`
	Warnings []string `json:"warnings"`
	// How many objects were judged, the patched one included.
	Judged int `json:"judged"`
	// The fields that others own and that the patch would change, without force.
	Conflicts []string `json:"conflicts"`
	// The live object as it is stored, and as it is after the patch.
	Before any `json:"before,omitempty"`
	After  any `json:"after,omitempty"`
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: server FOLDER < cases")
		os.Exit(2)
	}
	if err := judge(os.Args[1], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func judge(folder string, in io.Reader, out io.Writer) error {
	definitions, err := readDefinitions(folder)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	encoder := json.NewEncoder(out)
	for lines.Scan() {
		var one Case
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			return err
		}
		verdict, err := verdictOf(definitions, one)
		if err != nil {
			return fmt.Errorf("%s: %w", one.ID, err)
		}
		if err := encoder.Encode(verdict); err != nil {
			return err
		}
	}
	return lines.Err()
}

func verdictOf(definitions definitions, one Case) (*Verdict, error) {
	verdict := &Verdict{ID: one.ID, Refusals: []string{}, Warnings: []string{}, Conflicts: []string{}}
	for _, text := range one.Objects {
		create(definitions, one.Release, text, verdict)
	}
	if one.Patch == "" {
		return verdict, nil
	}
	return verdict, apply(definitions, one, verdict)
}

func (v *Verdict) refuse(object string, reason error) {
	v.Refusals = append(v.Refusals, object+": "+reason.Error())
}
