//go:build tools

// Package tools names the commands of MetalLB that are built from this module. It is a module of its own because MetalLB is written for
// older libraries of Kubernetes than the rest.
package tools

import (
	_ "go.universe.tf/metallb/controller"
	_ "go.universe.tf/metallb/speaker"
)
