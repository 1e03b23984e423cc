{{/* The chart's name, for labels. */}}
{{- define "local-registry.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* What the operator's objects are named. Short enough for a suffix. */}}
{{- define "local-registry.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "local-registry.name" . -}}
{{- $base := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) -}}
{{- printf "%s-operator" ($base | trunc 43 | trimSuffix "-") -}}
{{- end -}}
{{- end -}}

{{/* The labels that a Deployment selects its pods by: they can never change. */}}
{{- define "local-registry.selectorLabels" -}}
app.kubernetes.io/name: {{ include "local-registry.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end -}}

{{- define "local-registry.labels" -}}
{{ include "local-registry.selectorLabels" . }}
app.kubernetes.io/part-of: local-registry
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{- define "local-registry.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "local-registry.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- required "serviceAccount.create is false: name the account in serviceAccount.name" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* An image's reference. Takes a list of the root context and the image's values. */}}
{{- define "local-registry.image" -}}
{{- $root := index . 0 -}}
{{- $image := index . 1 -}}
{{- printf "%s:%s" $image.repository (default $root.Chart.AppVersion $image.tag) -}}
{{- end -}}

{{/* What the operator may do where the LocalRegistry resources are. It reads no Secret: the registry's pods mount them. */}}
{{- define "local-registry.rules" -}}
# Patched to put the finalizer on that keeps a resource until its nodes are restored, and to take it off.
- apiGroups: [localregistry.dev]
  resources: [localregistries]
  verbs: [get, list, watch, patch]
- apiGroups: [localregistry.dev]
  resources: [localregistries/status]
  verbs: [get, patch, update]
# Where the API server checks who may name an owner that blocks deletion.
- apiGroups: [localregistry.dev]
  resources: [localregistries/finalizers]
  verbs: [update]
- apiGroups: [apps]
  resources: [daemonsets, controllerrevisions]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [serviceaccounts]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, list, watch, create, patch, delete]
# Created to prove that a node pulls through its mirror, and to restore a node; patched to keep what was proven.
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, create, patch, delete]
# Read to say why a preflight's pod does not start.
- apiGroups: [""]
  resources: [events]
  verbs: [list, create, patch]
{{- end -}}

{{/* Takes the CEL rules out of a part of a CRD, in place. */}}
{{- define "local-registry.withoutRules" -}}
{{- if kindIs "map" . -}}
{{- $_ := unset . "x-kubernetes-validations" -}}
{{- range $_, $below := . -}}{{- include "local-registry.withoutRules" $below -}}{{- end -}}
{{- else if kindIs "slice" . -}}
{{- range . -}}{{- include "local-registry.withoutRules" . -}}{{- end -}}
{{- end -}}
{{- end -}}
