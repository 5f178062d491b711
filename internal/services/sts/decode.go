package sts

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/policy"
)

// DecodeAuthorizationMessage explains a refusal of the caller's own account: the
// encoded message is the decision id that the refusal carried.
func (s *Service) DecodeAuthorizationMessage(ctx context.Context, c *call.Call, in *sts.DecodeAuthorizationMessageInput) (*sts.DecodeAuthorizationMessageOutput, error) {
	if err := notOfUser(c, "DecodeAuthorizationMessage"); err != nil {
		return nil, err
	}
	e, err := s.Decision(ctx, aws.ToString(in.EncodedMessage))
	if err == nil && e.Account != c.Principal.Account || fault.Is(err, fault.NotFound) {
		return nil, &types.InvalidAuthorizationMessageException{Message: aws.String("Message is not valid")}
	}
	if err != nil {
		return nil, err
	}
	decoded, err := decodedMessage(e)
	return &sts.DecodeAuthorizationMessageOutput{DecodedMessage: decoded}, err
}

// decision is an explanation as package authz writes it down.
type decision struct {
	Action    string              `json:"action"`
	Resource  string              `json:"resource"`
	Principal string              `json:"principal"`
	Context   map[string][]string `json:"context"`
	policy.Explanation
}

// decodedPrincipal is who was refused: the unique id, as aws:userid has it, and the
// name of who has one.
type decodedPrincipal struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	ARN  string `json:"arn"`
}

type decodedItem struct {
	Key    string   `json:"key"`
	Values []string `json:"values"`
}

// decodedMessage is the explanation in the form that AWS gives it (behaviours.md
// 4.8), as far as it is the account's own business.
func decodedMessage(e audit.Event) (*string, error) {
	d := decision{Action: strings.TrimSuffix(e.Source, ".amazonaws.com") + ":" + e.Name, Resource: e.Resource, Principal: e.PrincipalID}
	if e.Decision != "" { // of many refusals at once, not all are explained
		if err := json.Unmarshal([]byte(e.Decision), &d); err != nil {
			return nil, err
		}
	} else if !d.foreign(e.Account) {
		d.Reason = e.ErrorReason
	}
	explicit, failures := d.Decision == "explicitDeny", []string{d.Reason}
	if d.Reason == "" || d.hides(d.Layer, e.Account) {
		explicit, failures = false, []string{}
	}
	layers := slices.DeleteFunc(d.Layers, func(l policy.LayerExplanation) bool {
		return d.hides(l.Layer, e.Account) || !owns(e.Account, l)
	})
	conditions := []decodedItem{}
	if !d.foreign(e.Account) { // the keys tell what the other account's policy asks for
		for _, k := range slices.Sorted(maps.Keys(d.Context)) {
			conditions = append(conditions, decodedItem{k, d.Context[k]})
		}
	}
	b, err := json.Marshal(map[string]any{
		"allowed":           false,
		"explicitDeny":      explicit,
		"matchedStatements": map[string]any{"items": layers},
		"failures":          map[string]any{"items": failures},
		"context": map[string]any{
			"principal":  decodedPrincipal{ID: e.Identity.ID, Name: e.UserName, ARN: d.Principal},
			"action":     d.Action,
			"resource":   d.Resource,
			"conditions": map[string]any{"items": conditions},
		},
	})
	return aws.String(string(b)), err
}

// foreign reports whether the refused call was about something of another account.
func (d *decision) foreign(account string) bool {
	a, err := arn.Parse(d.Resource)
	return err == nil && a.Account != "" && a.Account != account
}

// hides reports whether a layer is another account's secret: what its trust policy
// says, or whether there is such a role at all (behaviours.md 4.2).
func (d *decision) hides(layer, account string) bool {
	switch layer {
	case policy.TrustLayer.String(), policy.ResourceLayer.String(), policy.RCPLayer.String():
		return d.foreign(account)
	}
	return false
}

// owns reports whether all policies of the layer are the account's or the
// caller's session's. Those of the organization are not its members' to read.
func owns(account string, l policy.LayerExplanation) bool {
	return !slices.ContainsFunc(l.Sources, func(s policy.SourceExplanation) bool {
		a, err := arn.Parse(s.Owner)
		return s.Owner != "" && (err != nil || a.Account != account)
	})
}
