package awsproto

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	sqtypes "github.com/aws/aws-sdk-go-v2/service/servicequotas/types"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/sso/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// malformed holds that an error is the refusal of an unreadable request.
func malformed(t *testing.T, api string, err error) {
	t.Helper()
	want := Service(api).Refuse(Malformed, "")
	var e Error
	if !errors.As(err, &e) || e.Code != want.Code || e.Status != 400 {
		t.Errorf("have %v, want %s", err, want.Code)
	}
}

// What Query requests may look like, api-surface.md section 2 and behaviours.md 2.3.
func TestDecodeQuery(t *testing.T) {
	t.Parallel()
	c := codecFor[iam.CreateUserInput, iam.CreateUserOutput](t, "iam", "CreateUser")
	tag := func(key, value string) iamtypes.Tag {
		return iamtypes.Tag{Key: aws.String(key), Value: aws.String(value)}
	}
	eleven := &iam.CreateUserInput{}
	body := ""
	for i := 1; i <= 11; i++ {
		eleven.Tags = append(eleven.Tags, tag(fmt.Sprint("k", i), ""))
		body += fmt.Sprintf("&Tags.member.%d.Value=&Tags.member.%d.Key=k%d", i, i, i)
	}
	for _, test := range []struct {
		name  string
		body  string
		query string
		want  *iam.CreateUserInput // nil is malformed
	}{
		{"plain", "Action=CreateUser&Version=2010-05-08&UserName=taro", "", &iam.CreateUserInput{UserName: aws.String("taro")}},
		{"in the query string", "", "UserName=taro&Path=%2Fa%2F", &iam.CreateUserInput{UserName: aws.String("taro"), Path: aws.String("/a/")}},
		{"the first of two counts", "UserName=first&UserName=second", "UserName=third", &iam.CreateUserInput{UserName: aws.String("first")}},
		{"empty is not absent", "UserName=", "", &iam.CreateUserInput{UserName: aws.String("")}},
		{"no equals sign", "UserName", "", &iam.CreateUserInput{UserName: aws.String("")}},
		{"plus and percent", "UserName=a+b%20c%2B&&", "", &iam.CreateUserInput{UserName: aws.String("a b c+")}},
		{"unknown ones", "Foo=1&Foo.member.x=1&UserName.x=1&Tags-a=2&UserName=u", "", &iam.CreateUserInput{UserName: aws.String("u")}},
		{"empty list", "Tags=", "", &iam.CreateUserInput{Tags: []iamtypes.Tag{}}},
		{"a list in any order, ten after nine", body, "", eleven},
		{
			"gaps close", "Tags.member.999999.Key=b&Tags.member.7.Key=a", "",
			&iam.CreateUserInput{Tags: []iamtypes.Tag{{Key: aws.String("a")}, {Key: aws.String("b")}}},
		},
		{"an index beyond all bounds", "Tags.member.999999999.Key=a", "", nil},
		{"an index beyond all integers", "Tags.member.99999999999999999999999.Key=a", "", nil},
		{"index nought", "Tags.member.0.Key=a", "", nil},
		{"a negative index", "Tags.member.-1.Key=a", "", nil},
		{"an index with a leading nought", "Tags.member.01.Key=a", "", nil},
		{"no index", "Tags.member..Key=a", "", nil},
		{"a bad triplet", "UserName=%zz", "", nil},
		{"half a triplet", "UserName=%2", "", nil},
		{"not UTF-8", "UserName=%ff", "", nil},
		{"a flood", strings.Repeat("a=b&", MaxParameters+1), "", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in := &iam.CreateUserInput{}
			err := c.Decode(&Request{Method: http.MethodPost, Body: []byte(test.body), RawQuery: test.query}, in)
			if test.want == nil {
				malformed(t, "iam", err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if d := diff(test.want, in); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestDecodeQueryScalars(t *testing.T) {
	t.Parallel()
	c := codecFor[sts.AssumeRoleInput, sts.AssumeRoleOutput](t, "sts", "AssumeRole")
	for body, want := range map[string]int32{"DurationSeconds=900": 900, "DurationSeconds=900.0": 900, "DurationSeconds=-1": -1} {
		in := &sts.AssumeRoleInput{}
		if err := c.Decode(&Request{Method: http.MethodPost, Body: []byte(body)}, in); err != nil || *in.DurationSeconds != want {
			t.Errorf("%s: %v, %v", body, in.DurationSeconds, err)
		}
	}
	for _, body := range []string{"DurationSeconds=", "DurationSeconds=abc", "DurationSeconds=9999999999", "DurationSeconds=1.5", "DurationSeconds=NaN"} {
		malformed(t, "sts", c.Decode(&Request{Method: http.MethodPost, Body: []byte(body)}, &sts.AssumeRoleInput{}))
	}
	policy := codecFor[iam.UpdateAccountPasswordPolicyInput, iam.UpdateAccountPasswordPolicyOutput](t, "iam", "UpdateAccountPasswordPolicy")
	in := &iam.UpdateAccountPasswordPolicyInput{}
	if err := policy.Decode(&Request{Method: http.MethodPost, Body: []byte("RequireSymbols=true&HardExpiry=false")}, in); err != nil ||
		!in.RequireSymbols || in.HardExpiry == nil || *in.HardExpiry {
		t.Errorf("%+v, %v", in, err)
	}
	malformed(t, "iam", policy.Decode(&Request{Method: http.MethodPost, Body: []byte("RequireSymbols=yes")}, in))
}

// What JSON requests may look like, api-surface.md section 3.
func TestDecodeJSON(t *testing.T) {
	t.Parallel()
	c := codecFor[organizations.CreateAccountInput, organizations.CreateAccountOutput](t, "organizations", "CreateAccount")
	name := func(s string) *organizations.CreateAccountInput {
		return &organizations.CreateAccountInput{AccountName: aws.String(s)}
	}
	for _, test := range []struct {
		name string
		body string
		want *organizations.CreateAccountInput // nil is malformed
	}{
		{"nothing", "", &organizations.CreateAccountInput{}},
		{"white space", " \r\n\t", &organizations.CreateAccountInput{}},
		{"empty", "{}", &organizations.CreateAccountInput{}},
		{"null is absent", `{"AccountName":null,"Tags":null}`, &organizations.CreateAccountInput{}},
		{"unknown members", `{"__type":"x","Foo":{"a":[1,2.5e-3,{"b":null}]},"AccountName":"n","foo":"\ud83d"}`, name("n")},
		{"case matters", `{"accountname":"n"}`, &organizations.CreateAccountInput{}},
		{"escapes", `{"AccountName":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}`, name("\"\\/\b\f\n\r\té😀")},
		{"escaped name", `{"\u0041ccountName":"n"}`, name("n")},
		{"lone surrogates", `{"AccountName":"\ud83dx\ude00\ud83d\u0041"}`, name("\uFFFDx\uFFFD\uFFFDA")},
		{"the last of two counts", `{"AccountName":"a","AccountName":"b"}`, name("b")},
		{"white space inside", " { \"AccountName\" : \"n\" } \n", name("n")},
		{"wrong type", `{"AccountName":5}`, nil},
		{"object for string", `{"AccountName":{}}`, nil},
		{"string for list", `{"Tags":"x"}`, nil},
		{"null in a list", `{"Tags":[null]}`, nil},
		{"array", `[]`, nil},
		{"string", `"x"`, nil},
		{"truncated", `{"AccountName":"n"`, nil},
		{"truncated in an escape", `{"AccountName":"\u12`, nil},
		{"trailing comma", `{"AccountName":"n",}`, nil},
		{"missing comma", `{"AccountName":"n" "Email":"e"}`, nil},
		{"trailing text", `{} x`, nil},
		{"control character", "{\"AccountName\":\"a\nb\"}", nil},
		{"not UTF-8", "{\"AccountName\":\"\xff\"}", nil},
		{"unknown escape", `{"AccountName":"\x"}`, nil},
		{"leading nought", `{"x":01}`, nil},
		{"no digits", `{"x":-}`, nil},
		{"bare word", `{"x":nul}`, nil},
		{"too deep", `{"x":` + strings.Repeat("[", 1<<20), nil},
		{"too deep in objects", `{"x":` + strings.Repeat(`{"a":`, MaxDepth), nil},
		{"too many", `{"x":[` + strings.Repeat("0,", MaxElements) + `0]}`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in := &organizations.CreateAccountInput{}
			err := c.Decode(&Request{Method: http.MethodPost, Body: []byte(test.body)}, in)
			if test.want == nil {
				malformed(t, "organizations", err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if d := diff(test.want, in); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestDecodeJSONTimestamps(t *testing.T) {
	t.Parallel()
	c := codecFor[cloudtrail.LookupEventsInput, cloudtrail.LookupEventsOutput](t, "cloudtrail", "LookupEvents")
	for value, want := range map[string]time.Time{
		"1767322800":                  time.Unix(1767322800, 0),
		"1767322800.125":              time.UnixMilli(1767322800125),
		"1.7673228e9":                 time.Unix(1767322800, 0),
		"-1":                          time.Unix(-1, 0),
		`"2026-01-02T03:00:00Z"`:      time.Unix(1767322800, 0),
		`"2026-01-02T03:00:00.5Z"`:    time.UnixMilli(1767322800500),
		`"2026-01-02T12:00:00+09:00"`: time.Unix(1767322800, 0),
	} {
		in := &cloudtrail.LookupEventsInput{}
		if err := c.Decode(&Request{Body: []byte(`{"StartTime":` + value + `}`)}, in); err != nil || !in.StartTime.Equal(want) {
			t.Errorf("%s: %v, %v; want %v", value, in.StartTime, err, want)
		}
	}
	for _, value := range []string{`"yesterday"`, "1e300", "-1e18", "true", "{}", `"NaN"`} {
		malformed(t, "cloudtrail", c.Decode(&Request{Body: []byte(`{"StartTime":` + value + `}`)}, &cloudtrail.LookupEventsInput{}))
	}
}

// A union has one member (api-surface.md section 3); what is not known of it is passed over, as everywhere.
func TestDecodeUnion(t *testing.T) {
	t.Parallel()
	c := codecFor[identitystore.GetUserIdInput, identitystore.GetUserIdOutput](t, "identitystore", "GetUserId")
	decode := func(union string) (*identitystore.GetUserIdInput, error) {
		in := &identitystore.GetUserIdInput{}
		return in, c.Decode(&Request{Body: []byte(`{"IdentityStoreId":"d-1234567890","AlternateIdentifier":` + union + `}`)}, in)
	}
	const external, unique = `"ExternalId":{"Issuer":"i","Id":"x"}`, `"UniqueAttribute":{"AttributePath":"userName","AttributeValue":"jane"}`
	if in, err := decode(`{"__type":"x",` + unique + `,"ExternalId":null}`); err != nil || in.AlternateIdentifier == nil || c.Validate(in) != nil {
		t.Errorf("%+v, %v, %v", in, err, c.Validate(in))
	}
	_, err := decode("{" + external + "," + unique + "}")
	malformed(t, "identitystore", err)
	in, err := decode(`{}`)
	if err != nil || in.AlternateIdentifier != nil {
		t.Errorf("%+v, %v", in, err)
	}
	if v := c.Validate(in); len(v) != 1 || v[0].Path != "alternateIdentifier" {
		t.Errorf("%v", v)
	}
}

// Where rest-json members come from, api-surface.md sections 4 and 5.8.
func TestDecodeREST(t *testing.T) {
	t.Parallel()
	list := codecFor[sso.ListAccountsInput, sso.ListAccountsOutput](t, "sso", "ListAccounts")
	in := &sso.ListAccountsInput{}
	header := http.Header{}
	header.Set("x-amz-sso_bearer_token", "tok")
	if err := list.Decode(&Request{Method: "GET", Header: header, RawQuery: "max_result=7&next_token=a%2Bb"}, in); err != nil {
		t.Fatal(err)
	}
	want := &sso.ListAccountsInput{AccessToken: aws.String("tok"), MaxResults: aws.Int32(7), NextToken: aws.String("a+b")}
	if d := diff(want, in); d != "" {
		t.Error(d)
	}
	malformed(t, "sso", list.Decode(&Request{Method: "GET", RawQuery: "max_result=many"}, in))
	if v := list.Validate(&sso.ListAccountsInput{}); len(v) != 1 || v[0].Path != "accessToken" || v[0].Value != "null" {
		t.Errorf("%v", v)
	}
}

// What is absent is left out, and an empty list that clients insist on is there (api-surface.md section 5.8); an operation
// without output has no body and no type of one.
func TestEncodeAbsence(t *testing.T) {
	t.Parallel()
	list := codecFor[sso.ListAccountsInput, sso.ListAccountsOutput](t, "sso", "ListAccounts")
	logout := codecFor[sso.LogoutInput, sso.LogoutOutput](t, "sso", "Logout")
	deleteUser := codecFor[iam.DeleteUserInput, iam.DeleteUserOutput](t, "iam", "DeleteUser")
	listUsers := codecFor[iam.ListUsersInput, iam.ListUsersOutput](t, "iam", "ListUsers")
	closeAccount := codecFor[organizations.CloseAccountInput, organizations.CloseAccountOutput](t, "organizations", "CloseAccount")
	for _, test := range []struct {
		codec *Codec
		out   any
		typ   string
		want  string
	}{
		{list, &sso.ListAccountsOutput{}, "application/json", `{}`},
		{list, nil, "application/json", `{}`},
		{list, &sso.ListAccountsOutput{AccountList: []ssotypes.AccountInfo{}}, "application/json", `{"accountList":[]}`},
		{logout, &sso.LogoutOutput{}, "", ``},
		{closeAccount, &organizations.CloseAccountOutput{}, "application/x-amz-json-1.1", `{}`},
		{
			deleteUser, &iam.DeleteUserOutput{}, "text/xml", `<DeleteUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">` +
				`<ResponseMetadata><RequestId>r&lt;1&gt;</RequestId></ResponseMetadata></DeleteUserResponse>`,
		},
		{
			listUsers, &iam.ListUsersOutput{Users: []iamtypes.User{}}, "text/xml",
			`<ListUsersResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListUsersResult>` +
				`<Users></Users><IsTruncated>false</IsTruncated></ListUsersResult>` +
				`<ResponseMetadata><RequestId>r&lt;1&gt;</RequestId></ResponseMetadata></ListUsersResponse>`,
		},
	} {
		r, err := test.codec.Encode(test.out, "r<1>")
		if err != nil {
			t.Fatal(err)
		}
		h := http.Header{}
		r.SetHeaders(h)
		if string(r.Body) != test.want || h.Get("Content-Type") != test.typ || r.Status != 200 {
			t.Errorf("%s: %d %s\n%s\nwant\n%s", test.codec.op.Name, r.Status, h.Get("Content-Type"), r.Body, test.want)
		}
		r.Release()
	}
	if _, err := list.Encode(&sso.LogoutOutput{}, "r"); err == nil {
		t.Error("a value of another type was encoded")
	}
}

// IAM's policy documents travel percent-encoded by RFC 3986 in answers; GetRoleCredentials counts milliseconds
// (api-surface.md sections 0 and 2).
func TestEncodePeculiarities(t *testing.T) {
	t.Parallel()
	policy := codecFor[iam.GetUserPolicyInput, iam.GetUserPolicyOutput](t, "iam", "GetUserPolicy")
	r, err := policy.Encode(&iam.GetUserPolicyOutput{
		UserName: aws.String("a&b"), PolicyName: aws.String("p"), PolicyDocument: aws.String(`{"a": "b+~é"}`),
	}, "r")
	if err != nil || !strings.Contains(string(r.Body), "<UserName>a&amp;b</UserName>") ||
		!strings.Contains(string(r.Body), "<PolicyDocument>%7B%22a%22%3A%20%22b%2B~%C3%A9%22%7D</PolicyDocument>") {
		t.Errorf("%v %s", err, r.Body)
	}
	credentials := codecFor[sso.GetRoleCredentialsInput, sso.GetRoleCredentialsOutput](t, "sso", "GetRoleCredentials")
	r, err = credentials.Encode(&sso.GetRoleCredentialsOutput{RoleCredentials: &ssotypes.RoleCredentials{
		AccessKeyId: aws.String("ASIA"), SecretAccessKey: aws.String("s/\"\\\x01"), Expiration: 1767322800000,
	}}, "r")
	const want = `{"roleCredentials":{"accessKeyId":"ASIA","secretAccessKey":"s/\"\\\u0001","expiration":1767322800000}}`
	if err != nil || string(r.Body) != want {
		t.Errorf("%v %s\nwant %s", err, r.Body, want)
	}
}

// Routing by method, path and fixed query parameters, api-surface.md section 1.
func TestMatch(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		api, method, target string
		want                string // "" is no match
		labels              Labels
	}{
		{"sso-oidc", "POST", "/token", "CreateToken", nil},
		{"sso-oidc", "POST", "/token?aws_iam=t", "CreateTokenWithIAM", nil},
		{"sso-oidc", "POST", "/token?aws_iam=f", "CreateToken", nil},
		{"sso-oidc", "GET", "/token", "", nil},
		{"sso-oidc", "POST", "/token/", "", nil},
		{"sso-oidc", "POST", "/client/register", "RegisterClient", nil},
		{"signin", "POST", "/v1/token", "CreateOAuth2Token", nil},
		{"signin", "POST", "/v1/token?x-amz-client-auth-method=iam", "CreateOAuth2TokenWithIAM", nil},
		{"signin", "POST", "/v1/introspect", "", nil},
		{"sso", "GET", "/federation/credentials?role_name=a&account_id=1", "GetRoleCredentials", nil},
		{"sso", "POST", "/logout", "Logout", nil},
		{"rolesanywhere", "GET", "/crl/a%2Fb%20c", "GetCrl", Labels{{"crlId", "a/b c"}}},
		{"rolesanywhere", "PATCH", "/crl/1", "UpdateCrl", Labels{{"crlId", "1"}}},
		{"rolesanywhere", "POST", "/crl/1/enable", "EnableCrl", Labels{{"crlId", "1"}}},
		{"rolesanywhere", "POST", "/crl//enable", "", nil},
		{"rolesanywhere", "GET", "/crl/", "", nil},
		{"rolesanywhere", "GET", "/crl/1/2", "", nil},
		{"rolesanywhere", "GET", "/crls", "ListCrls", nil},
		{"iam", "POST", "/", "", nil},
		{"sso", "GET", "", "", nil},
	} {
		path, rawQuery, _ := strings.Cut(test.target, "?")
		query, err := url.ParseQuery(rawQuery)
		if err != nil {
			t.Fatal(err)
		}
		op, labels, ok := Service(test.api).Match(test.method, path, query)
		if ok != (test.want != "") || ok && (op.Name != test.want || diff(test.labels, labels) != "") {
			t.Errorf("%s %s: %v, %v, %t; want %s %v", test.method, test.target, op, labels, ok, test.want, test.labels)
		}
	}
	if (Labels{{"crlId", "1"}}).Get("crlId") != "1" || (Labels)(nil).Get("crlId") != "" {
		t.Error("Labels.Get")
	}
}

// Services are found by what requests carry.
func TestLookup(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"SWBExternalService.ListInstances":                                    "sso-admin ListInstances",
		"com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents": "cloudtrail LookupEvents",
		"CloudTrail_20131101.LookupEvents":                                    "cloudtrail LookupEvents",
		"AWSOrganizationsV20161128.":                                          "organizations ",
		"Nobody.ListInstances":                                                "",
		"ListInstances":                                                       "",
		"":                                                                    "",
	} {
		have := ""
		if api, op := ServiceByTarget(target); api != nil {
			have = api.ID + " " + op
		}
		if have != want {
			t.Errorf("%s: %q, want %q", target, have, want)
		}
	}
	for name, want := range map[string]string{"sso": "sso-admin", "awsssoportal": "sso", "sso-oauth": "sso-oidc", "servicequotas": "service-quotas"} {
		if api := ServiceBySigningName(name); api == nil || api.ID != want {
			t.Errorf("%s: %v, want %s", name, api, want)
		}
	}
	if ServiceBySigningName("s3") != nil || ServiceByVersion("2006-03-01") != nil || Service("s3") != nil {
		t.Error("a service that is not here was found")
	}
}

// The unsigned operations are a list that only shrinks (design.md, "The gate"; api-surface.md section 1).
func TestUnsignedOperations(t *testing.T) {
	t.Parallel()
	var have []string
	for _, id := range Services() {
		for _, name := range Service(id).Operations() {
			if op, _ := Service(id).Operation(name); op.Unsigned {
				have = append(have, id+"."+name)
			}
		}
	}
	want := []string{
		"signin.CreateOAuth2Token",
		"sso.GetRoleCredentials", "sso.ListAccountRoles", "sso.ListAccounts", "sso.Logout",
		"sso-oidc.CreateToken", "sso-oidc.RegisterClient", "sso-oidc.StartDeviceAuthorization",
		"sts.AssumeRoleWithSAML", "sts.AssumeRoleWithWebIdentity",
	}
	if d := diff(want, have); d != "" {
		t.Error(d)
	}
}

// Maps are entry.N in Query. No request of these services has one today, so the shape of an answer stands in.
func TestDecodeQueryMap(t *testing.T) {
	t.Parallel()
	c := codecFor[iam.GetAccountSummaryInput, iam.GetAccountSummaryOutput](t, "iam", "GetAccountSummary")
	decode := func(body string) (out iam.GetAccountSummaryOutput, err error) {
		form, err := parseForm([]byte(body), "")
		if err != nil {
			t.Fatal(err)
		}
		return out, (&formDecoder{}).structure(c.output, reflect.ValueOf(&out).Elem(), form.params, 0)
	}
	out, err := decode("SummaryMap.entry.2.value=7&SummaryMap.entry.2.key=Groups&SummaryMap.entry.1.key=Users&SummaryMap.entry.1.value=3" +
		"&SummaryMap.entry.3.key=Users&SummaryMap.entry.3.value=9")
	if want := map[string]int32{"Users": 3, "Groups": 7}; err != nil || diff(want, out.SummaryMap) != "" {
		t.Errorf("%v, %v; want %v", out.SummaryMap, err, want)
	}
	if out, err := decode("SummaryMap="); err != nil || out.SummaryMap == nil || len(out.SummaryMap) != 0 {
		t.Errorf("%v, %v; want an empty map", out.SummaryMap, err)
	}
	for _, body := range []string{"SummaryMap.entry.1.key=a", "SummaryMap.entry.1.value=1", "SummaryMap.entry.x.key=a", "SummaryMap.entry.1.key=a&SummaryMap.entry.1.value=b"} {
		if _, err := decode(body); err == nil {
			t.Errorf("%s was read", body)
		}
	}
}

// The three floats that JSON has no number for travel as strings, and come back.
func TestSpecialFloats(t *testing.T) {
	t.Parallel()
	c := codecFor[servicequotas.RequestServiceQuotaIncreaseInput, servicequotas.RequestServiceQuotaIncreaseOutput](t, "service-quotas", "RequestServiceQuotaIncrease")
	for _, text := range []string{`"NaN"`, `"Infinity"`, `"-Infinity"`, "1.5", "1e-07", "1e+21", "0"} {
		in := &servicequotas.RequestServiceQuotaIncreaseInput{}
		if err := c.Decode(&Request{Body: []byte(`{"DesiredValue":` + text + `}`)}, in); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		out := &servicequotas.RequestServiceQuotaIncreaseOutput{RequestedQuota: &sqtypes.RequestedServiceQuotaChange{DesiredValue: in.DesiredValue}}
		r, err := c.Encode(out, "r")
		if want := `{"RequestedQuota":{"DesiredValue":` + text + `,"GlobalQuota":false}}`; err != nil || string(r.Body) != want {
			t.Errorf("%s: %v %s", text, err, r.Body)
		}
	}
	for _, text := range []string{`"nan"`, "1e999", "true", "[]"} {
		malformed(t, "service-quotas", c.Decode(&Request{Body: []byte(`{"DesiredValue":` + text + `}`)}, &servicequotas.RequestServiceQuotaIncreaseInput{}))
	}
}
