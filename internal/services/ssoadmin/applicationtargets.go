package ssoadmin

import (
	"context"
	"reflect"
	"strings"

	"sekisho/internal/application"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/policy"
	"sekisho/internal/store"
)

// Condition keys: the account of an application, and the region of an instance.
const (
	applicationAccount = "sso:applicationaccount"
	primaryRegion      = "sso:primaryregion"
)

// applicationTarget finds what a call acts on for the rows whose Resource is
// "application", "trusted-token-issuer" or "application-provider": the thing that
// the input names, with its tags if there is one.
func applicationTarget(tx store.Tx, rule call.Rule, in any) (call.Target, error) {
	v := reflect.ValueOf(in).Elem()
	switch rule.Resource {
	case "application":
		t := call.Target{ARN: member(v, "ApplicationArn")}
		n := application.ParseARN(t.ARN)
		t.Account, t.Keys = n.Account, map[string][]string{applicationAccount: {n.Account}}
		a, err := application.ByARN(tx, t.ARN)
		t.Tags = tagMap(a.Tags)
		return withRegion(tx, t, n.Instance, err)
	case "trusted-token-issuer":
		t := call.Target{ARN: member(v, "TrustedTokenIssuerArn")}
		n := application.ParseARN(t.ARN)
		t.Account, t.Keys = n.Account, make(map[string][]string)
		i, err := application.TokenIssuerByARN(tx, t.ARN)
		t.Tags = tagMap(i.Tags)
		return withRegion(tx, t, n.Instance, err)
	case "application-provider":
		t := call.Target{ARN: member(v, "ApplicationProviderArn")}
		if t.ARN == "" {
			t.ARN = application.Provider{Name: "*"}.ARN()
		}
		return t, nil
	}
	return call.Target{}, nil
}

// withRegion adds the region of the instance that a resource belongs to. That
// something is missing is no error: whether one may ask after it comes first.
func withRegion(tx store.Tx, t call.Target, instance string, err error) (call.Target, error) {
	if err == nil {
		i, missing := tx.Instance(instance)
		t.Keys[primaryRegion], err = []string{i.Region}, missing
	}
	if fault.Is(err, fault.NotFound) {
		return t, nil
	}
	return t, err
}

// member is a text of an input; what is not there is "".
func member(in reflect.Value, name string) string {
	m := in.FieldByName(name)
	if m.IsValid() && m.Kind() == reflect.Pointer && !m.IsNil() {
		m = m.Elem()
	}
	if !m.IsValid() || m.Kind() != reflect.String {
		return ""
	}
	return m.String()
}

func tagMap(tags []iam.Tag) map[string]string {
	m := make(map[string]string, len(tags))
	for _, t := range tags {
		m[t.Key] = t.Value
	}
	return m
}

// allowAlso decides about the other resources of an operation that makes something
// with tags: who may not use all of them may not use it.
func (s *Service) allowAlso(ctx context.Context, c *call.Call, tags []iam.Tag, targets ...call.Target) error {
	for _, t := range targets {
		if t.Keys == nil {
			t.Keys = make(map[string][]string)
		}
		for _, tag := range tags {
			k := "aws:requesttag/" + policy.Fold(tag.Key)
			t.Keys[k] = append(t.Keys[k], tag.Value)
			t.Keys[call.TagKeys] = append(t.Keys[call.TagKeys], tag.Key)
		}
		if err := s.Authz.Allow(ctx, c, "sso:"+c.Operation, t); err != nil {
			return err
		}
	}
	return nil
}

// idOf is the last part of an ARN: the id of what it names.
func idOf(arn *string) string {
	if arn == nil {
		return ""
	}
	return (*arn)[strings.LastIndexByte(*arn, '/')+1:]
}

// providerOf is the name in an application provider's ARN; "" for none.
func providerOf(arn *string) string {
	if arn == nil {
		return ""
	}
	_, name, _ := strings.Cut(*arn, ":applicationProvider/")
	return name
}
