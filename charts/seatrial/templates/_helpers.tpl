{{- define "seatrial.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}
{{- end -}}
{{- end }}

{{- define "seatrial.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- /* Cluster-scoped: two releases in two namespaces must not take each other's rights away. */ -}}
{{- define "seatrial.clusterName" -}}
{{ printf "%s-%s" .Release.Namespace (include "seatrial.fullname" .) | trunc 100 | trimSuffix "-" }}
{{- end }}

{{- /* Files with the rights that are given. */ -}}
{{- define "seatrial.roles" -}}
cluster-role
{{- range $part, $given := .Values.rights }}
{{- if $given }} cluster-role-{{ $part }}{{ end }}
{{- end }}
{{- end }}
