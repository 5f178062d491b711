package awsproto

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/rolesanywhere"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// refusedOrValid holds what every decoder promises: an input that can be validated, or a refusal.
func refusedOrValid(t *testing.T, c *Codec, in any, err error) {
	t.Helper()
	if err == nil {
		if v := c.Validate(in); v != nil && !utf8.ValidString(v.Error()) {
			t.Errorf("%q is not UTF-8", v.Error())
		}
		return
	}
	var e Error
	if !errors.As(err, &e) || e.Status != 400 {
		t.Errorf("%v is no refusal", err)
	}
}

func FuzzDecodeQuery(f *testing.F) {
	f.Add("Action=CreateUser&Version=2010-05-08&UserName=taro&Tags.member.1.Key=a&Tags.member.1.Value=%2F", "")
	f.Add("Tags=&Tags.member.999999999.Key=a", "UserName=x")
	f.Add("Tags.member.10.Key=b&Tags.member.2.Key=a&Tags.member.2=&Tags.member.1x=&.=&..=", "%")
	f.Add("ContextEntries.member.1.ContextKeyValues.member.1=a&ContextEntries.member.1.ContextKeyValues.member.1.x=a&ResourceArns=", "")
	f.Add("PolicyInputList.member.1.x=a&DurationSeconds=1e3&Tags.entry.1.key=a", "")
	codecs := []*Codec{
		codecFor[iam.CreateUserInput, iam.CreateUserOutput](f, "iam", "CreateUser"),
		codecFor[iam.SimulateCustomPolicyInput, iam.SimulateCustomPolicyOutput](f, "iam", "SimulateCustomPolicy"),
		codecFor[iam.UpdateAccountPasswordPolicyInput, iam.UpdateAccountPasswordPolicyOutput](f, "iam", "UpdateAccountPasswordPolicy"),
		codecFor[sts.AssumeRoleInput, sts.AssumeRoleOutput](f, "sts", "AssumeRole"),
	}
	f.Fuzz(func(t *testing.T, body, query string) {
		for _, c := range codecs {
			in := c.NewInput()
			err := c.Decode(&Request{Method: http.MethodPost, Body: []byte(body), RawQuery: query}, in)
			refusedOrValid(t, c, in, err)
		}
	})
}

func FuzzDecodeJSON(f *testing.F) {
	f.Add(`{"IdentityStoreId":"d-1234567890","Name":{"GivenName":"J\u00e4ne"},"Emails":[{"Primary":true,"Value":"j@e"}],"X":[1.5e-3,null]}`)
	f.Add(`{"GroupId":"g","MemberId":{"UserId":"u","__type":"x"}}`)
	f.Add(`{"Extensions":{"aws:identitystore:enterprise":{"a":[1,true,null,"\ud83d\ude00"]}}}`)
	f.Add(`{"Grant":{"JwtBearer":{"AuthorizedTokenIssuers":[{"AuthorizedAudiences":["a"]}]}},"GrantType":"x"}`)
	f.Add(`{"AuthenticationMethod":{"Iam":{"ActorPolicy":{"Version":"2012-10-17","Statement":[]}}}}`)
	f.Add(`{"a":{"a":{"a":[[[[[[]]]]]]}}} `)
	f.Add(`{"":` + strings.Repeat("[", 100))
	codecs := []*Codec{
		codecFor[identitystore.CreateUserInput, identitystore.CreateUserOutput](f, "identitystore", "CreateUser"),
		codecFor[identitystore.CreateGroupMembershipInput, identitystore.CreateGroupMembershipOutput](f, "identitystore", "CreateGroupMembership"),
		codecFor[ssoadmin.PutApplicationGrantInput, ssoadmin.PutApplicationGrantOutput](f, "sso-admin", "PutApplicationGrant"),
		codecFor[ssoadmin.PutApplicationAuthenticationMethodInput, ssoadmin.PutApplicationAuthenticationMethodOutput](f, "sso-admin", "PutApplicationAuthenticationMethod"),
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, c := range codecs {
			in := c.NewInput()
			err := c.Decode(&Request{Method: http.MethodPost, Body: []byte(body)}, in)
			refusedOrValid(t, c, in, err)
			if err == nil && strings.TrimSpace(body) != "" && !json.Valid([]byte(body)) {
				t.Errorf("%q was read and is not JSON", body)
			}
		}
	})
}

// FuzzScanner holds the JSON scanner against encoding/json: it accepts the same texts, but for its limits and for text
// that is not UTF-8, and reads the same strings.
func FuzzScanner(f *testing.F) {
	for _, s := range []string{
		`{"a":[1,-0.5e+7,"x\u00e9\ud83d\ude00\ud83d",true,false,null,{}]}`, `01`, `-`, `1.`, `1e`, `"\x"`, `"` + "\x7f" + `"`, `[1,]`, `{"a":1,}`, `{,}`, ` "a" `, `nul`, "\"\xff\"",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := scanner{data: []byte(text)}
		value, err := s.anything(true)
		if err == nil {
			err = s.end()
		}
		valid := json.Valid([]byte(text)) && utf8.ValidString(text)
		switch {
		case err == nil && !valid:
			t.Errorf("%q was read and is not JSON", text)
		case errors.Is(err, errSyntax) && valid:
			t.Errorf("%q is JSON and was not read", text)
		case err == nil:
			if have, ok := value.(string); ok {
				want := ""
				if json.Unmarshal([]byte(text), &want); have != want {
					t.Errorf("%q was read as %q, want %q", text, have, want)
				}
			}
		}
	})
}

func FuzzDecodeREST(f *testing.F) {
	f.Add("PUT", "/profiles/a%2Fb/mappings", "", `{"certificateField":"x509Subject","mappingRules":[{"specifier":"*"}]}`)
	f.Add("DELETE", "/profiles/p/mappings", "certificateField=x&specifiers=a&specifiers=b", "")
	f.Add("GET", "/crls", "pageSize=10&nextToken=%zz", "")
	f.Add("POST", "/crls", "", `{"name":"n","crlData":"AAEC","enabled":true,"trustAnchorArn":"a"}`)
	f.Add("POST", "/trustanchors", "", `{"name":"n","source":{"sourceData":{"acmPcaArn":"a"},"sourceType":"AWS_ACM_PCA"}}`)
	api := Service("rolesanywhere")
	codecs := map[string]*Codec{}
	add := func(c *Codec) { codecs[c.op.Name] = c }
	add(codecFor[rolesanywhere.PutAttributeMappingInput, rolesanywhere.PutAttributeMappingOutput](f, "rolesanywhere", "PutAttributeMapping"))
	add(codecFor[rolesanywhere.DeleteAttributeMappingInput, rolesanywhere.DeleteAttributeMappingOutput](f, "rolesanywhere", "DeleteAttributeMapping"))
	add(codecFor[rolesanywhere.ListCrlsInput, rolesanywhere.ListCrlsOutput](f, "rolesanywhere", "ListCrls"))
	add(codecFor[rolesanywhere.ImportCrlInput, rolesanywhere.ImportCrlOutput](f, "rolesanywhere", "ImportCrl"))
	add(codecFor[rolesanywhere.CreateTrustAnchorInput, rolesanywhere.CreateTrustAnchorOutput](f, "rolesanywhere", "CreateTrustAnchor"))
	f.Fuzz(func(t *testing.T, method, path, query, body string) {
		req := &Request{Method: method, RawQuery: query, Body: []byte(body)}
		op, labels, ok := api.Match(method, path, req.Query())
		if !ok || codecs[op.Name] == nil {
			return
		}
		req.Labels = labels
		c := codecs[op.Name]
		in := c.NewInput()
		refusedOrValid(t, c, in, c.Decode(req, in))
	})
}

// FuzzEncodeText holds that whatever text an output carries, XML and JSON stay well-formed and give it back.
func FuzzEncodeText(f *testing.F) {
	f.Add("a<b>&\"'\r\n\t\x00\x1f漢😀\xff\uFFFE")
	query := codecFor[iam.GetUserPolicyInput, iam.GetUserPolicyOutput](f, "iam", "GetUserPolicy")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := query.Encode(&iam.GetUserPolicyOutput{UserName: aws.String(text)}, text)
		if err != nil {
			t.Fatal(err)
		}
		var answer struct{ GetUserPolicyResult struct{ UserName string } }
		if err := xml.NewDecoder(strings.NewReader(string(r.Body))).Decode(&answer); err != nil && !errors.Is(err, io.EOF) {
			t.Errorf("%v: %s", err, r.Body)
		}
		printable := !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF })
		if have := answer.GetUserPolicyResult.UserName; printable && utf8.ValidString(text) && have != text {
			t.Errorf("%q came back as %q", text, have)
		}
		r.Release()
		var have string
		if err := json.Unmarshal(appendJSONText(nil, text), &have); err != nil || have != strings.ToValidUTF8(text, "\uFFFD") && utf8.ValidString(text) {
			t.Errorf("%q came back as %q (%v)", text, have, err)
		}
	})
}
