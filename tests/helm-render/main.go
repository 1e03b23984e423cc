// Command helm-render prints what `helm template RELEASE CHART` prints, for machines without helm: the same template engine (Go's
// text/template with sprig), the same functions of Helm's own, values merged, checked and ordered as Helm does. It builds from Debian's
// packages alone, without modules. What the chart does not use (dependencies, hooks, library charts) is refused or absent.
package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

const usage = `usage: helm-render RELEASE CHART [options], the options being those of helm template:
  -n, --namespace NS     the release's namespace (default: default)
  -f, --values FILE      values that go before the chart's own; may be repeated
  --set A=1,B.C=x        single values; may be repeated
  --set-string A=1       the same, always as text
  --kube-version V       the cluster's version that the templates see (default: v1.33.0)
  --show-only TEMPLATE   prints one template only, such as templates/rbac.yaml; may be repeated
  --notes                prints NOTES.txt too, at the end
`

type options struct {
	release, chart, namespace, kubeVersion string
	valueFiles, showOnly                   []string
	sets                                   []setting
	notes                                  bool
}

type setting struct {
	text   string
	asText bool
}

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "helm-render: %v\n", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	c, err := loadChart(o.chart)
	if err != nil {
		return err
	}
	values, err := coalesce(c, o)
	if err != nil {
		return err
	}
	files, err := render(c, o, values)
	if err != nil {
		return err
	}
	documents, err := sorted(files, o.showOnly)
	if err != nil {
		return err
	}
	for _, d := range documents {
		fmt.Fprintf(out, "---\n# Source: %s\n%s\n", d.source, d.text)
	}
	if notes := strings.TrimSpace(files[c.name+"/templates/NOTES.txt"]); o.notes && notes != "" {
		fmt.Fprintf(out, "\nNOTES:\n%s\n", notes)
	}
	return nil
}

func parse(args []string) (options, error) {
	o := options{namespace: "default", kubeVersion: "v1.33.0"}
	var places []string
	for i := 0; i < len(args); i++ {
		name, value, joined := args[i], "", false
		if !strings.HasPrefix(name, "-") {
			places = append(places, name)
			continue
		}
		if name == "--notes" {
			o.notes = true
			continue
		}
		if strings.HasPrefix(name, "--") {
			name, value, joined = strings.Cut(name, "=")
		}
		if !joined {
			if i++; i == len(args) {
				return o, fmt.Errorf("%s needs a value\n%s", name, usage)
			}
			value = args[i]
		}
		switch name {
		case "-n", "--namespace":
			o.namespace = value
		case "-f", "--values":
			o.valueFiles = append(o.valueFiles, value)
		case "--set":
			o.sets = append(o.sets, setting{value, false})
		case "--set-string":
			o.sets = append(o.sets, setting{value, true})
		case "--kube-version":
			o.kubeVersion = "v" + strings.TrimPrefix(value, "v")
		case "--show-only":
			o.showOnly = append(o.showOnly, value)
		default:
			return o, fmt.Errorf("%s is not an option\n%s", name, usage)
		}
	}
	if len(places) != 2 {
		return o, fmt.Errorf("wanted a release's name and a chart's folder\n%s", usage)
	}
	o.release, o.chart = places[0], places[1]
	return o, nil
}
