// Package virttemplate stands in for the client of KubeVirt 1.9's templates, which nothing here calls: the module proxy does not have the
// module.
package virttemplate

import (
	"errors"

	"k8s.io/client-go/rest"
)

// Client is a client that cannot be made.
type Client struct{}

func NewForConfig(*rest.Config) (*Client, error) {
	return nil, errors.New("no client for templates: this program only judges")
}

func (*Client) TemplateV1beta1() *Client { return nil }

func (*Client) RESTClient() rest.Interface { return nil }
