package main

import (
	"fmt"
	"path"
	"regexp"
	"sort"
	"strings"

	"sigs.k8s.io/yaml"
)

// installOrder is the order in which Helm creates kinds, as far as they exist in charts for our versions; others come last.
var installOrder = []string{
	"PriorityClass", "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodDisruptionBudget", "ServiceAccount", "Secret",
	"ConfigMap", "StorageClass", "PersistentVolume", "PersistentVolumeClaim", "CustomResourceDefinition", "ClusterRole",
	"ClusterRoleBinding", "Role", "RoleBinding", "Service", "DaemonSet", "Pod", "ReplicaSet", "Deployment", "HorizontalPodAutoscaler",
	"StatefulSet", "Job", "CronJob", "IngressClass", "Ingress", "APIService", "MutatingWebhookConfiguration",
	"ValidatingWebhookConfiguration",
}

type document struct {
	source, kind, text string
}

var separator = regexp.MustCompile(`(?:^|\s*\n)---\s*`)

// sorted parts the rendered files into documents, reads each as YAML, and puts them into Helm's order.
func sorted(rendered map[string]string, showOnly []string) ([]document, error) {
	names := make([]string, 0, len(rendered))
	for name := range rendered {
		names = append(names, name)
	}
	sort.Strings(names)
	shown := map[string]bool{}
	var documents []document
	for _, name := range names {
		if strings.HasSuffix(name, "NOTES.txt") || !wanted(name, showOnly, shown) {
			continue
		}
		for _, text := range separator.Split(strings.TrimSpace(rendered[name]), -1) {
			text = strings.TrimSpace(text)
			var object struct {
				APIVersion string `json:"apiVersion"`
				Kind       string `json:"kind"`
				Metadata   struct {
					Name        string            `json:"name"`
					Annotations map[string]string `json:"annotations"`
				} `json:"metadata"`
			}
			if err := yaml.Unmarshal([]byte(text), &object); err != nil {
				return nil, fmt.Errorf("%s: %v\n%s", name, err, text)
			}
			var any interface{}
			if err := yaml.UnmarshalStrict([]byte(text), &any); err != nil {
				return nil, fmt.Errorf("%s: %v\n%s", name, err, text)
			}
			if any == nil {
				continue
			}
			if object.APIVersion == "" || object.Kind == "" || object.Metadata.Name == "" {
				return nil, fmt.Errorf("%s: not an object: apiVersion, kind or metadata.name is missing\n%s", name, text)
			}
			if _, hook := object.Metadata.Annotations["helm.sh/hook"]; hook {
				return nil, fmt.Errorf("%s: hooks are not rendered here; use helm", name)
			}
			documents = append(documents, document{name, object.Kind, text})
		}
	}
	for _, name := range showOnly {
		if !shown[name] {
			return nil, fmt.Errorf("could not find template %s in chart", name)
		}
	}
	sort.SliceStable(documents, func(i, j int) bool { return rank(documents[i].kind) < rank(documents[j].kind) })
	return documents, nil
}

func wanted(name string, showOnly []string, shown map[string]bool) bool {
	if len(showOnly) == 0 {
		return true
	}
	_, inside, _ := strings.Cut(name, "/")
	for _, only := range showOnly {
		if path.Clean(only) == inside {
			shown[only] = true
			return true
		}
	}
	return false
}

func rank(kind string) int {
	for i, known := range installOrder {
		if known == kind {
			return i
		}
	}
	return len(installOrder)
}
