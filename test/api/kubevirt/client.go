package main

import (
	"k8s.io/client-go/rest"
	"kubevirt.io/client-go/kubecli"
)

// unreachable is a client of no cluster: an admitter that asks for something that is not in the case is refused, and says so.
func unreachable() kubecli.KubevirtClient {
	client, err := kubecli.GetKubevirtClientFromRESTConfig(&rest.Config{Host: "http://127.0.0.1:1"})
	if err != nil {
		panic(err)
	}
	return client
}
