package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/semver"
	"github.com/Masterminds/sprig"
	"sigs.k8s.io/yaml"
)

// render executes every template that is not a partial, keyed by its path with the chart's name before it.
func render(c *chart, o options, values map[string]interface{}) (map[string]string, error) {
	version, err := semver.NewVersion(o.kubeVersion)
	if err != nil {
		return nil, fmt.Errorf("--kube-version %s: %v", o.kubeVersion, err)
	}
	if wanted, ok := c.meta["kubeVersion"].(string); ok {
		constraint, err := semver.NewConstraint(wanted)
		if err != nil {
			return nil, fmt.Errorf("Chart.yaml: kubeVersion: %v", err)
		}
		if !constraint.Check(version) {
			return nil, fmt.Errorf("chart requires kubeVersion: %s which is incompatible with Kubernetes %s", wanted, o.kubeVersion)
		}
	}
	root := template.New("gotpl").Option("missingkey=zero")
	root.Funcs(functions(root))
	names := make([]string, 0, len(c.templates))
	for name := range c.templates {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if _, err := root.New(path.Join(c.name, name)).Parse(c.templates[name]); err != nil {
			return nil, err
		}
	}
	rendered := map[string]string{}
	for _, name := range names {
		if strings.HasPrefix(path.Base(name), "_") {
			continue
		}
		full := path.Join(c.name, name)
		var text strings.Builder
		if err := root.ExecuteTemplate(&text, full, scope(c, o, version, values, full)); err != nil {
			return nil, err
		}
		// Helm prints nothing here; a key that is missing is a mistake of the chart, so it is found.
		if strings.Contains(text.String(), "<no value>") {
			return nil, fmt.Errorf("%s: a value that does not exist is printed", full)
		}
		rendered[full] = text.String()
	}
	return rendered, nil
}

// scope is what a template sees as its dot.
func scope(c *chart, o options, version *semver.Version, values map[string]interface{}, name string) map[string]interface{} {
	about := map[string]interface{}{"Type": "application", "AppVersion": "", "KubeVersion": ""}
	for key, value := range c.meta {
		title := strings.ToUpper(key[:1]) + key[1:]
		if key == "apiVersion" {
			title = "APIVersion"
		}
		about[title] = value
	}
	return map[string]interface{}{
		"Values": values,
		"Chart":  about,
		"Files":  files(c.files),
		"Release": map[string]interface{}{
			"Name": o.release, "Namespace": o.namespace, "Service": "Helm", "IsInstall": true, "IsUpgrade": false, "Revision": 1,
		},
		"Capabilities": map[string]interface{}{
			"KubeVersion": kubeVersion{o.kubeVersion, o.kubeVersion, fmt.Sprint(version.Major()), fmt.Sprint(version.Minor())},
			"APIVersions": apiVersions{"v1", "apps/v1", "batch/v1", "coordination.k8s.io/v1", "rbac.authorization.k8s.io/v1", "apiextensions.k8s.io/v1"},
		},
		"Template":  map[string]interface{}{"Name": name, "BasePath": path.Join(c.name, "templates")},
		"Subcharts": map[string]interface{}{},
	}
}

type kubeVersion struct{ Version, GitVersion, Major, Minor string }

func (k kubeVersion) String() string { return k.Version }

type apiVersions []string

func (a apiVersions) Has(version string) bool {
	for _, known := range a {
		if known == version {
			return true
		}
	}
	return false
}

// files are what .Files is: the chart's files that are neither templates nor values.
type files map[string][]byte

func (f files) Get(name string) string      { return string(f[name]) }
func (f files) GetBytes(name string) []byte { return f[name] }

func (f files) Glob(pattern string) files {
	found := files{}
	for name, content := range f {
		if match, _ := path.Match(pattern, name); match {
			found[name] = content
		}
	}
	return found
}

func (f files) Lines(name string) []string {
	return strings.Split(strings.TrimSuffix(string(f[name]), "\n"), "\n")
}

func (f files) AsConfig() string {
	texts := map[string]string{}
	for name, content := range f {
		texts[path.Base(name)] = string(content)
	}
	return toYaml(texts)
}

func (f files) AsSecrets() string {
	texts := map[string]string{}
	for name, content := range f {
		texts[path.Base(name)] = base64.StdEncoding.EncodeToString(content)
	}
	return toYaml(texts)
}

// functions are sprig's without those that read the environment, and Helm's own.
func functions(root *template.Template) template.FuncMap {
	all := sprig.TxtFuncMap()
	delete(all, "env")
	delete(all, "expandenv")
	depth := map[string]int{}
	all["include"] = func(name string, data interface{}) (string, error) {
		if depth[name]++; depth[name] > 1000 {
			return "", fmt.Errorf("template %s includes itself without end", name)
		}
		defer func() { depth[name]-- }()
		var text strings.Builder
		err := root.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	all["tpl"] = func(text string, data interface{}) (string, error) {
		clone, err := root.Clone()
		if err != nil {
			return "", err
		}
		clone.Funcs(functions(clone))
		parsed, err := clone.New("tpl").Parse(text)
		if err != nil {
			return "", err
		}
		var out strings.Builder
		err = parsed.Execute(&out, data)
		return out.String(), err
	}
	all["required"] = func(message string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return value, fmt.Errorf("%s", message)
		}
		return value, nil
	}
	// Without a cluster there is nothing to look up.
	all["lookup"] = func(string, string, string, string) (map[string]interface{}, error) {
		return map[string]interface{}{}, nil
	}
	all["toYaml"] = toYaml
	all["fromYaml"] = func(text string) map[string]interface{} {
		value := map[string]interface{}{}
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			value["Error"] = err.Error()
		}
		return value
	}
	all["fromYamlArray"] = func(text string) []interface{} {
		value := []interface{}{}
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			value = []interface{}{err.Error()}
		}
		return value
	}
	all["toJson"] = func(value interface{}) string {
		text, err := json.Marshal(value)
		if err != nil {
			return ""
		}
		return string(text)
	}
	all["fromJson"] = func(text string) map[string]interface{} {
		value := map[string]interface{}{}
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			value["Error"] = err.Error()
		}
		return value
	}
	return all
}

func toYaml(value interface{}) string {
	text, err := yaml.Marshal(value)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(text), "\n")
}
