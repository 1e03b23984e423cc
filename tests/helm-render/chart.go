package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
)

// chart is a chart's folder, read whole. Names are relative to it, with slashes.
type chart struct {
	name      string
	meta      map[string]interface{}
	defaults  map[string]interface{}
	schema    []byte
	templates map[string]string
	files     map[string][]byte
}

func loadChart(folder string) (*chart, error) {
	ignored, err := ignorePatterns(filepath.Join(folder, ".helmignore"))
	if err != nil {
		return nil, err
	}
	all := map[string][]byte{}
	if err := readFolder(folder, "", ignored, all); err != nil {
		return nil, err
	}
	c := &chart{templates: map[string]string{}, files: map[string][]byte{}, defaults: map[string]interface{}{}}
	for name, content := range all {
		switch {
		case name == "Chart.yaml":
			if err := yaml.UnmarshalStrict(content, &c.meta); err != nil {
				return nil, fmt.Errorf("%s: %v", name, err)
			}
		case name == "values.yaml":
			if err := yaml.UnmarshalStrict(content, &c.defaults); err != nil {
				return nil, fmt.Errorf("%s: %v", name, err)
			}
		case name == "values.schema.json":
			c.schema = content
		case strings.HasPrefix(name, "templates/"):
			c.templates[name] = string(content)
		case strings.HasPrefix(name, "crds/"), strings.HasPrefix(name, "charts/"):
			return nil, fmt.Errorf("%s: charts with a folder crds or charts are not rendered here; use helm", name)
		default:
			c.files[name] = content
		}
	}
	if c.name, _ = c.meta["name"].(string); c.name == "" {
		return nil, fmt.Errorf("%s: no Chart.yaml that names the chart", folder)
	}
	if c.meta["apiVersion"] != "v2" {
		return nil, fmt.Errorf("Chart.yaml: apiVersion is %v, wanted v2", c.meta["apiVersion"])
	}
	return c, nil
}

// readFolder follows symbolic links, as Helm does.
func readFolder(root, inside string, ignored []string, into map[string][]byte) error {
	entries, err := os.ReadDir(filepath.Join(root, inside))
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := path.Join(inside, entry.Name())
		if matchesAny(ignored, entry.Name()) {
			continue
		}
		info, err := os.Stat(filepath.Join(root, name))
		if err != nil {
			return err
		}
		if info.IsDir() {
			if err := readFolder(root, name, ignored, into); err != nil {
				return err
			}
			continue
		}
		if into[name], err = os.ReadFile(filepath.Join(root, name)); err != nil {
			return err
		}
	}
	return nil
}

func ignorePatterns(file string) ([]string, error) {
	content, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	patterns := []string{".helmignore"}
	lines := bufio.NewScanner(bytes.NewReader(content))
	for lines.Scan() {
		if line := strings.TrimSuffix(strings.TrimSpace(lines.Text()), "/"); line != "" && !strings.HasPrefix(line, "#") {
			patterns = append(patterns, line)
		}
	}
	return patterns, lines.Err()
}

func matchesAny(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if match, _ := path.Match(pattern, name); match {
			return true
		}
	}
	return false
}
