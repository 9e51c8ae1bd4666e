//go:build tools

// Package tools names the command of Argo Rollouts that is built from this module. It is a module of its own because Argo Rollouts is
// written for older libraries of Kubernetes than the rest, and wants a newer Go.
package tools

import _ "github.com/argoproj/argo-rollouts/cmd/rollouts-controller"
