package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sekisho/internal/awsproto/facts"
)

func run(models, out string) error {
	index := make([]facts.Service, 0, len(services))
	for _, id := range slices.Sorted(slices.Values(slices.Concat(services, ownServices))) {
		raw, err := read(models, id)
		if err != nil {
			return err
		}
		service, err := convert(id, raw)
		if err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		if err := write(filepath.Join(out, id+".json"), service); err != nil {
			return err
		}
		service.Operations, service.Shapes = nil, nil
		index = append(index, service)
	}
	return writeLines(filepath.Join(out, "index.json"), "[", index, "]")
}

// read returns a service's model.
func read(models, id string) ([]byte, error) {
	if slices.Contains(ownServices, id) {
		return ownModels.ReadFile("own/" + id + ".json")
	}
	path, err := find(models, id)
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// find locates a service's model in either layout; of several API versions the newest wins.
func find(models, id string) (string, error) {
	flat := filepath.Join(models, id+".json")
	if _, err := os.Stat(flat); err == nil {
		return flat, nil
	}
	versions, err := filepath.Glob(filepath.Join(models, id, "*", "service-2.json"))
	if err != nil {
		return "", err
	}
	if len(versions) == 0 {
		return "", fmt.Errorf("no model of %s in %s", id, models)
	}
	return slices.Max(versions), nil
}

// convert reduces one model to its facts.
func convert(id string, raw []byte) (facts.Service, error) {
	var m model
	if err := json.Unmarshal(raw, &m); err != nil {
		return facts.Service{}, err
	}
	switch m.Metadata.Protocol {
	case facts.Query, facts.JSON, facts.RESTJSON:
	default:
		return facts.Service{}, fmt.Errorf("protocol %q is not one that awsproto speaks", m.Metadata.Protocol)
	}
	s := facts.Service{
		ID:             id,
		Protocol:       m.Metadata.Protocol,
		APIVersion:     m.Metadata.APIVersion,
		EndpointPrefix: m.Metadata.EndpointPrefix,
		SigningName:    m.Metadata.SigningName,
		TargetPrefix:   m.Metadata.TargetPrefix,
		XMLNamespace:   m.Metadata.XMLNamespace.URI,
		MessageMember:  m.messageMember(),
	}
	if s.SigningName == "" {
		s.SigningName = s.EndpointPrefix
	}
	if names := only[id]; names != nil {
		maps.DeleteFunc(m.Operations, func(name string, _ operation) bool { return !slices.Contains(names, name) })
	}
	reached := map[string]bool{}
	declaresReadOnly := false
	for _, op := range m.Operations {
		declaresReadOnly = declaresReadOnly || op.ReadOnly
	}
	for _, name := range sortedKeys(m.Operations) {
		op := m.Operations[name]
		f := facts.Operation{
			Name: name, Method: op.HTTP.Method, Idempotent: op.Idempotent,
			Input: op.Input.Shape, Output: op.Output.Shape, Wrapper: op.Output.ResultWrapper,
			Unsigned: op.AuthType == "none" || slices.Contains(op.Auth, "smithy.api#noAuth"),
			ReadOnly: op.ReadOnly || !declaresReadOnly && reads(name),
		}
		if op.HTTP.ResponseCode != 0 && op.HTTP.ResponseCode != 200 {
			f.Status = op.HTTP.ResponseCode
		}
		path, query, _ := strings.Cut(op.HTTP.RequestURI, "?")
		f.Path = path
		if query != "" {
			f.Fixed = strings.Split(query, "&")
		}
		for _, e := range op.Errors {
			f.Errors = append(f.Errors, e.Shape)
		}
		for _, root := range append([]string{f.Input, f.Output}, f.Errors...) {
			if err := m.reach(root, reached); err != nil {
				return facts.Service{}, fmt.Errorf("%s: %w", name, err)
			}
		}
		s.Operations = append(s.Operations, f)
	}
	for name, sh := range m.Shapes { // exceptions that no operation lists are still thrown by the service as a whole
		if sh.Exception {
			if err := m.reach(name, reached); err != nil {
				return facts.Service{}, err
			}
		}
	}
	for _, name := range sortedKeys(reached) {
		s.Shapes = append(s.Shapes, m.shape(name))
	}
	return s, nil
}

// reads tells by its verb whether an operation only reads, for the models that do not say.
func reads(operation string) bool {
	for _, verb := range []string{"Get", "List", "Describe", "Lookup", "Search", "Simulate", "Decode"} {
		if strings.HasPrefix(operation, verb) {
			return true
		}
	}
	return false
}

// reach marks a shape and everything below it.
func (m *model) reach(name string, reached map[string]bool) error {
	if name == "" || reached[name] {
		return nil
	}
	sh, ok := m.Shapes[name]
	if !ok {
		return fmt.Errorf("shape %s does not exist", name)
	}
	reached[name] = true
	for _, next := range sh.Members.list {
		if err := m.reach(next.Shape, reached); err != nil {
			return err
		}
	}
	return errors.Join(m.reach(sh.Member.Shape, reached), m.reach(sh.Key.Shape, reached), m.reach(sh.Value.Shape, reached))
}

func (m *model) shape(name string) facts.Shape {
	sh := m.Shapes[name]
	f := facts.Shape{
		Name: name, Type: sh.Type, Required: sh.Required, Payload: sh.Payload,
		Element: sh.Member.Shape, Key: sh.Key.Shape,
		Min: sh.Min, Max: sh.Max, Pattern: sh.Pattern, Enum: sh.Enum, Format: sh.TimestampFormat,
		Sensitive: sh.Sensitive, Union: sh.Union, Document: sh.Document,
	}
	if sh.Type == "map" {
		f.Element = sh.Value.Shape
	}
	for _, member := range sh.Members.list {
		fm := facts.Member{Name: member.name, Shape: member.Shape, Location: member.Location, Token: member.IdempotencyToken}
		if member.LocationName != member.name {
			fm.LocationName = member.LocationName
		}
		f.Members = append(f.Members, fm)
	}
	if sh.Exception {
		e := &facts.Exception{Fault: sh.Fault}
		if sh.Error != nil {
			e.Status = sh.Error.HTTPStatusCode
			if sh.Error.Code != name {
				e.Code = sh.Error.Code
			}
		}
		if e.Status == 0 { // the model's default
			e.Status = 400
			if sh.Fault {
				e.Status = 500
			}
		}
		e.Fault = e.Fault || e.Status >= 500
		f.Exception = e
	}
	return f
}

// messageMember is the name most of the exceptions give their text.
func (m *model) messageMember() string {
	upper, lower := 0, 0
	for _, sh := range m.Shapes {
		if !sh.Exception {
			continue
		}
		for _, member := range sh.Members.list {
			switch member.name {
			case "Message":
				upper++
			case "message":
				lower++
			}
		}
	}
	if upper > lower {
		return "Message"
	}
	return "message"
}

// write lays a table out with one operation or shape a line, so that a change of the models reads well as a diff.
func write(path string, s facts.Service) error {
	head := s
	head.Operations, head.Shapes = nil, nil
	line, err := encode(head)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.Write(line[:len(line)-1])
	b.WriteString(",\n\"operations\":[\n")
	if err := lines(&b, s.Operations); err != nil {
		return err
	}
	b.WriteString("],\n\"shapes\":[\n")
	if err := lines(&b, s.Shapes); err != nil {
		return err
	}
	b.WriteString("]}\n")
	return os.WriteFile(path, b.Bytes(), 0o644)
}

func writeLines[T any](path, before string, items []T, after string) error {
	var b bytes.Buffer
	b.WriteString(before + "\n")
	if err := lines(&b, items); err != nil {
		return err
	}
	b.WriteString(after + "\n")
	return os.WriteFile(path, b.Bytes(), 0o644)
}

func lines[T any](b *bytes.Buffer, items []T) error {
	for i, item := range items {
		line, err := encode(item)
		if err != nil {
			return err
		}
		b.Write(line)
		if i < len(items)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	return nil
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // patterns stay readable
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}
