//go:build tools

// Package tools names the commands of Istio that are built from this module. It is a module of its own because Istio needs newer
// versions of a few libraries than the rest; those of Kubernetes are the same as there, so that they are compiled once.
package tools

import (
	_ "istio.io/istio/pilot/cmd/pilot-agent"
	_ "istio.io/istio/pilot/cmd/pilot-discovery"
)
