package main

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/xeipuuv/gojsonschema"
	"sigs.k8s.io/yaml"
)

// coalesce lays the values on top of one another (chart, files, settings) and checks them against the chart's schema.
func coalesce(c *chart, o options) (map[string]interface{}, error) {
	given := map[string]interface{}{}
	for _, file := range o.valueFiles {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		layer := map[string]interface{}{}
		if err := yaml.Unmarshal(content, &layer); err != nil {
			return nil, fmt.Errorf("%s: %v", file, err)
		}
		merge(given, layer)
	}
	for _, s := range o.sets {
		if err := set(given, s); err != nil {
			return nil, fmt.Errorf("--set %s: %v", s.text, err)
		}
	}
	values := c.defaults
	merge(values, given)
	dropNulls(values)
	return values, check(c, values)
}

// merge lays src over dst: mappings are merged, everything else is replaced.
func merge(dst, src map[string]interface{}) {
	for key, value := range src {
		over, isMap := value.(map[string]interface{})
		under, wasMap := dst[key].(map[string]interface{})
		if isMap && wasMap {
			merge(under, over)
		} else {
			dst[key] = value
		}
	}
}

// dropNulls takes out the keys that were set to null: that is how a value of the chart is removed.
func dropNulls(values map[string]interface{}) {
	for key, value := range values {
		if value == nil {
			delete(values, key)
		} else if below, ok := value.(map[string]interface{}); ok {
			dropNulls(below)
		}
	}
}

func check(c *chart, values map[string]interface{}) error {
	if c.schema == nil {
		return nil
	}
	result, err := gojsonschema.Validate(gojsonschema.NewBytesLoader(c.schema), gojsonschema.NewGoLoader(values))
	if err != nil {
		return fmt.Errorf("values.schema.json: %v", err)
	}
	if result.Valid() {
		return nil
	}
	text := "values don't meet the specifications of the schema:"
	for _, problem := range result.Errors() {
		text += "\n- " + problem.String()
	}
	return fmt.Errorf("%s", text)
}

var index = regexp.MustCompile(`^(.*)\[(\d+)\]$`)

// set applies one --set: pairs parted by commas, keys parted by dots, [n] for a list's item, {a,b} for a list, a backslash before a
// character that means itself.
func set(values map[string]interface{}, s setting) error {
	for _, pair := range split(s.text, ',') {
		parts := split(pair, '=')
		if len(parts) < 2 {
			return fmt.Errorf("%q is not KEY=VALUE", pair)
		}
		var value interface{}
		text := strings.Join(parts[1:], "=")
		if strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}") {
			list := []interface{}{}
			if text != "{}" {
				for _, item := range split(text[1:len(text)-1], ',') {
					list = append(list, scalar(item, s.asText))
				}
			}
			value = list
		} else {
			value = scalar(text, s.asText)
		}
		if err := place(values, split(parts[0], '.'), value); err != nil {
			return err
		}
	}
	return nil
}

func place(values map[string]interface{}, keys []string, value interface{}) error {
	key, item := unescape(keys[0]), -1
	if m := index.FindStringSubmatch(keys[0]); m != nil {
		key = unescape(m[1])
		item, _ = strconv.Atoi(m[2])
	}
	if item < 0 {
		if len(keys) == 1 {
			values[key] = value
			return nil
		}
		below, ok := values[key].(map[string]interface{})
		if !ok {
			below = map[string]interface{}{}
			values[key] = below
		}
		return place(below, keys[1:], value)
	}
	list, _ := values[key].([]interface{})
	if item > 1000 {
		return fmt.Errorf("index %d is too large", item)
	}
	for len(list) <= item {
		list = append(list, nil)
	}
	values[key] = list
	if len(keys) == 1 {
		list[item] = value
		return nil
	}
	below, ok := list[item].(map[string]interface{})
	if !ok {
		below = map[string]interface{}{}
		list[item] = below
	}
	return place(below, keys[1:], value)
}

// split parts a text at a separator that stands outside braces and has no backslash before it.
func split(text string, separator rune) []string {
	parts, current, depth, escaped := []string{}, "", 0, false
	for _, r := range text {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '{':
			depth++
		case r == '}':
			depth--
		case r == separator && depth == 0:
			parts, current = append(parts, current), ""
			continue
		}
		current += string(r)
	}
	return append(parts, current)
}

func unescape(text string) string {
	return regexp.MustCompile(`\\(.)`).ReplaceAllString(text, "$1")
}

func scalar(text string, asText bool) interface{} {
	text = unescape(text)
	if asText {
		return text
	}
	switch text {
	case "true":
		return true
	case "false":
		return false
	case "null":
		return nil
	case "0":
		return int64(0)
	}
	// A number with a leading zero is a text, such as an account's id.
	if !strings.HasPrefix(text, "0") {
		if number, err := strconv.ParseInt(text, 10, 64); err == nil {
			return number
		}
	}
	return text
}
