package cloudtrail

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/audit"
)

// eventVersion is the version of CloudTrail's record that this is.
const eventVersion = "1.11"

// Types of events.
const (
	apiCall       = "AwsApiCall"
	consoleSignIn = "AwsConsoleSignIn"
	serviceEvent  = "AwsServiceEvent"
)

// entry is CloudTrail's record of an event, its members in CloudTrail's order.
type entry struct {
	EventVersion        string         `json:"eventVersion"`
	UserIdentity        userIdentity   `json:"userIdentity"`
	EventTime           string         `json:"eventTime"` // RFC 3339, UTC, whole seconds
	EventSource         string         `json:"eventSource"`
	EventName           string         `json:"eventName"`
	AWSRegion           string         `json:"awsRegion"`
	SourceIPAddress     string         `json:"sourceIPAddress"`
	UserAgent           string         `json:"userAgent"`
	ErrorCode           string         `json:"errorCode,omitempty"`
	ErrorMessage        string         `json:"errorMessage,omitempty"`
	RequestParameters   map[string]any `json:"requestParameters"` // null if there are none
	ResponseElements    map[string]any `json:"responseElements"`  // null if there are none
	AdditionalEventData map[string]any `json:"additionalEventData,omitempty"`
	RequestID           string         `json:"requestID,omitempty"`
	EventID             string         `json:"eventID"`
	ReadOnly            bool           `json:"readOnly"`
	Resources           []resource     `json:"resources,omitempty"`
	EventType           string         `json:"eventType"`
	ManagementEvent     bool           `json:"managementEvent"`
	RecipientAccountID  string         `json:"recipientAccountId"`
	SharedEventID       string         `json:"sharedEventID,omitempty"`
	ServiceEventDetails map[string]any `json:"serviceEventDetails,omitempty"`
	EventCategory       string         `json:"eventCategory"`
}

type resource struct {
	ARN       string `json:"ARN"`
	AccountID string `json:"accountId,omitempty"`
	Type      string `json:"type,omitempty"`
}

// record is the JSON of what CloudTrail says of e.
func record(e *audit.Event) (string, error) {
	r := entry{
		EventVersion: eventVersion, UserIdentity: identityOf(e), EventTime: e.At.UTC().Format(time.RFC3339), EventSource: e.Source, EventName: e.Name,
		AWSRegion: e.Region, SourceIPAddress: e.SourceIP, UserAgent: e.UserAgent, ErrorCode: e.ErrorCode, ErrorMessage: e.ErrorMessage,
		RequestID: e.RequestID, EventID: wireID(e.ID), ReadOnly: e.ReadOnly, EventType: typeOf(e), ManagementEvent: true,
		RecipientAccountID: e.Account, SharedEventID: wireID(e.SharedID), EventCategory: "Management",
	}
	if a, err := arn.Parse(e.Resource); err == nil {
		kind, _ := e.ResourceOf()
		r.Resources = []resource{{e.Resource, a.Account, kind}}
	}
	outcome := map[string]any{e.Name: "Success"}
	if e.ErrorCode != "" {
		outcome[e.Name] = "Failure"
	}
	switch r.EventType {
	case apiCall:
		r.RequestParameters, r.ResponseElements = asked(e), answered(e)
	case consoleSignIn:
		r.ResponseElements, r.AdditionalEventData = outcome, signInData(e)
		if r.ErrorCode = ""; e.ErrorCode != "" && e.ErrorMessage == "" {
			r.ErrorMessage = audit.SignInFailed
		}
	case serviceEvent:
		r.ServiceEventDetails, r.AdditionalEventData = outcome, details(e, func(string) bool { return true })
	}
	if own := ownData(e); own != nil {
		if r.AdditionalEventData == nil {
			r.AdditionalEventData = make(map[string]any, 1)
		}
		r.AdditionalEventData["sekisho"] = own
	}
	var b bytes.Buffer
	w := json.NewEncoder(&b)
	w.SetEscapeHTML(false)
	if err := w.Encode(r); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// typeOf is the type of an event: who signs in at a page makes no API call.
func typeOf(e *audit.Event) string {
	switch {
	case e.Source == audit.SignInSource && audit.IsConsoleSignIn(e.Name):
		return consoleSignIn
	case e.Source == audit.SignInSource, !strings.Contains(e.Source, "."):
		return serviceEvent
	}
	return apiCall
}

// own is what CloudTrail has no member for.
type own struct {
	// Reason is the precise reason of a failure, which the caller was not told;
	// DecisionID is what a refusal by policy can be explained by.
	Reason     string `json:"reason,omitempty"`
	DecisionID string `json:"decisionId,omitempty"`
	// Count is how many equal calls within the second this one record stands for.
	Count int `json:"count,omitempty"`
	// IssuedAccessKeyIDs are all keys that they were given, if there are several.
	IssuedAccessKeyIDs []string `json:"issuedAccessKeyIds,omitempty"`
}

func ownData(e *audit.Event) *own {
	o := own{Reason: e.ErrorReason, DecisionID: e.DecisionID}
	if e.Count > 1 {
		o.Count = e.Count
	}
	if keys := strings.Fields(e.Detail[audit.IssuedKey]); len(keys) > 1 {
		o.IssuedAccessKeyIDs = keys
	}
	if o.Reason == "" && o.DecisionID == "" && o.Count == 0 && o.IssuedAccessKeyIDs == nil {
		return nil
	}
	return &o
}

// signInData is additionalEventData of a sign-in event; that of ConsoleLogin is
// never silent about the second factor.
func signInData(e *audit.Event) map[string]any {
	data := details(e, func(string) bool { return true })
	if e.Name != audit.ConsoleLogin {
		return data
	}
	if data == nil {
		data = make(map[string]any, 3)
	}
	for _, name := range []string{audit.DetailMFAUsed, audit.DetailMobileVersion} {
		if data[name] == nil {
			data[name] = audit.No
		}
	}
	return data
}

// madeIDs are details that no operation is asked by: ids of what a call made or
// found. Those of newIDs are that too where the operation's name begins with one of
// making.
var (
	madeIDs = map[string]bool{
		"userId": true, "groupId": true, "roleId": true, "policyId": true, "instanceProfileId": true, "newArn": true, "entityId": true,
		"jobId": true, "deletionTaskId": true, "deletionStatus": true, "requestorAccount": true, "serverCertificateId": true,
		"requestId": true, "createAccountRequestId": true,
	}
	// askedIDs are those of them by which the operations of services other than IAM,
	// where things have names, are asked.
	askedIDs = map[string]bool{"userId": true, "groupId": true, "policyId": true}
	newIDs   = map[string]bool{
		"accessKeyId": true, "versionId": true, "certificateId": true, "serviceSpecificCredentialId": true, "sshPublicKeyId": true,
		"delegationRequestId": true, "state": true,
	}
	making = []string{"Create", "Upload", "Generate"}
)

func isAnswer(e *audit.Event, detail string) bool {
	if detail == audit.IssuedKey || madeIDs[detail] && (e.Source == iamSource || !askedIDs[detail]) || names(e.Name, detail) {
		return true
	}
	for _, prefix := range making {
		if newIDs[detail] && strings.HasPrefix(e.Name, prefix) {
			return true
		}
	}
	return false
}

const iamSource = "iam.amazonaws.com"

// names reports whether the detail is the name of what the operation creates:
// permissionSetArn of CreatePermissionSet.
func names(operation, detail string) bool {
	noun, ok := strings.CutPrefix(operation, "Create")
	if !ok || noun == "" {
		return false
	}
	noun = strings.ToLower(noun[:1]) + noun[1:]
	return detail == noun+"Id" || detail == noun+"Arn"
}

// asked is requestParameters; of reads, the trail has none.
func asked(e *audit.Event) map[string]any {
	return details(e, func(name string) bool { return !isAnswer(e, name) })
}

// answered is responseElements: what the call made, and whose credentials.
func answered(e *audit.Event) map[string]any {
	made := details(e, func(name string) bool { return name != audit.IssuedKey && isAnswer(e, name) })
	keys := strings.Fields(e.Detail[audit.IssuedKey])
	if len(keys) == 0 {
		return made
	}
	if made == nil {
		made = make(map[string]any, 1)
	}
	made["credentials"] = map[string]any{"accessKeyId": keys[0]}
	return made
}

// details are those of e whose names are wanted, "a.b" as b within a; nil for none.
func details(e *audit.Event, wanted func(name string) bool) map[string]any {
	var all map[string]any
	for name, value := range e.Detail {
		if !wanted(name) {
			continue
		}
		if all == nil {
			all = make(map[string]any, len(e.Detail))
		}
		outer, inner, ok := strings.Cut(name, ".")
		if _, taken := e.Detail[outer]; !ok || taken {
			all[name] = value
			continue
		}
		within, _ := all[outer].(map[string]any)
		if within == nil {
			within = make(map[string]any, 4)
			all[outer] = within
		}
		within[inner] = value
	}
	return all
}
