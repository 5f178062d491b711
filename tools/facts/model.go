package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// model is the part of a botocore service-2.json that matters here.
type model struct {
	Metadata struct {
		Protocol, APIVersion, EndpointPrefix, SigningName, TargetPrefix string
		XMLNamespace                                                    namespace
	}
	Operations map[string]operation
	Shapes     map[string]shape
}

type operation struct {
	HTTP struct {
		Method, RequestURI string
		ResponseCode       int
	}
	Input      struct{ Shape string }
	Output     struct{ Shape, ResultWrapper string }
	Errors     []struct{ Shape string }
	AuthType   string
	Auth       []string
	ReadOnly   bool
	Idempotent bool
}

type shape struct {
	Type               string
	Members            members
	Required           []string
	Payload            string
	Member, Key, Value struct{ Shape string }
	Min, Max           *float64
	Pattern            string
	Enum               []string
	TimestampFormat    string
	Sensitive          bool
	Union, Document    bool
	Exception, Fault   bool
	Error              *struct {
		Code           string
		HTTPStatusCode int
	}
}

type member struct {
	name                          string
	Shape, Location, LocationName string
	IdempotencyToken              bool
}

// members keeps the order of the model, which is the order of elements in the service's own XML.
type members struct{ list []member }

func (m *members) UnmarshalJSON(raw []byte) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return fmt.Errorf("members: want an object, have %v (%v)", open, err)
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		item := member{}
		if err := d.Decode(&item); err != nil {
			return err
		}
		item.name, _ = name.(string)
		m.list = append(m.list, item)
	}
	return nil
}

// namespace is a string in some models and an object in others.
type namespace struct{ URI string }

func (n *namespace) UnmarshalJSON(raw []byte) error {
	if raw[0] == '"' {
		return json.Unmarshal(raw, &n.URI)
	}
	var object struct{ URI string }
	err := json.Unmarshal(raw, &object)
	n.URI = object.URI
	return err
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
