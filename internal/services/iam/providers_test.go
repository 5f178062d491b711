package iam_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/saml/samltest"
	service "sekisho/internal/services/iam"
	"sekisho/internal/store"
)

// rsaKeys are made once: most tests care only that they differ.
var rsaKeys = sync.OnceValue(func() (keys [6]*rsa.PrivateKey) {
	for i := range keys {
		var err error
		if keys[i], err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			panic(err)
		}
	}
	return keys
})

// metadata is a document of 1,000 characters and more.
func metadata(entityID string) string {
	doc := samltest.NewWithKey(entityID, rsaKeys()[0]).Metadata()
	if short := 1000 - len(doc); short > 0 {
		doc += "<!--" + strings.Repeat(" ", short) + "-->"
	}
	return doc
}

func pemOf(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func pkcs1(key *rsa.PrivateKey) string {
	return pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))
}

func (w *world) samlProvider(name string) string {
	w.Helper()
	return *must(w.service.CreateSAMLProvider(w.Context(), w.root(), &awsiam.CreateSAMLProviderInput{
		Name: &name, SAMLMetadataDocument: aws.String(metadata("https://idp.example.com/" + name)),
	})).SAMLProviderArn
}

// A SAML provider is read back as it was given, with what AWS adds; its private
// keys are told of and never shown (behaviours.md 5.10).
func TestSAMLProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	doc := metadata("https://idp.example.com/saml")
	made := must(w.service.CreateSAMLProvider(t.Context(), w.root(), &awsiam.CreateSAMLProviderInput{
		Name: aws.String("Okta"), SAMLMetadataDocument: &doc, Tags: []types.Tag{wireTag("z", "1"), wireTag("a", "2")},
		AssertionEncryptionMode: types.AssertionEncryptionModeTypeRequired, AddPrivateKey: aws.String(pkcs1(rsaKeys()[1])),
	}))
	want := "arn:aws:iam::" + acct + ":saml-provider/Okta"
	if *made.SAMLProviderArn != want || !slices.Equal(tagged(made.Tags), []string{"a=2", "z=1"}) {
		t.Errorf("made: %+v", made)
	}
	got := must(w.service.GetSAMLProvider(t.Context(), w.root(), &awsiam.GetSAMLProviderInput{SAMLProviderArn: &want}))
	if *got.SAMLMetadataDocument != doc || got.AssertionEncryptionMode != types.AssertionEncryptionModeTypeRequired ||
		!regexp.MustCompile(`^[A-Z0-9]{22,64}$`).MatchString(*got.SAMLProviderUUID) || !got.CreateDate.Equal(start.Truncate(time.Second)) ||
		!got.ValidUntil.Equal(start.Truncate(time.Second).AddDate(100, 0, 0)) || len(got.PrivateKeyList) != 1 {
		t.Errorf("read back: %+v", got)
	}
	first := got.PrivateKeyList[0]
	if !regexp.MustCompile(`^[A-Z0-9]{22,64}$`).MatchString(*first.KeyId) || !first.Timestamp.Equal(start.Truncate(time.Second)) {
		t.Errorf("private key: %+v", first)
	}
	var kept iam.SAMLProvider
	w.view(func(tx store.Tx) (err error) { kept, err = tx.SAMLProvider(acct, "Okta"); return err })
	if kept.EntityID != "https://idp.example.com/saml" || !must(kept.PrivateKeys[0].RSA()).Equal(rsaKeys()[1]) {
		t.Errorf("kept: %+v", kept)
	}

	// A second key can stand beside the first, a third cannot.
	change := func(in awsiam.UpdateSAMLProviderInput) error {
		in.SAMLProviderArn = &want
		out, err := w.service.UpdateSAMLProvider(t.Context(), w.root(), &in)
		if err == nil && *out.SAMLProviderArn != want {
			t.Errorf("updated %s", *out.SAMLProviderArn)
		}
		return err
	}
	pkcs8 := pemOf("PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(rsaKeys()[2])))
	newDoc := metadata("https://idp.example.com/new")
	w.expect("second key", change(awsiam.UpdateSAMLProviderInput{AddPrivateKey: &pkcs8}), "", "")
	w.expect("third key", change(awsiam.UpdateSAMLProviderInput{AddPrivateKey: &pkcs8}), "LimitExceeded",
		"Cannot exceed quota for PrivateKeysPerSAMLProvider: 2")
	w.expect("no key", change(awsiam.UpdateSAMLProviderInput{AddPrivateKey: aws.String("secret words")}), "InvalidInput", "Could not parse private key.")
	w.expect("replaced in one step", change(awsiam.UpdateSAMLProviderInput{AddPrivateKey: &pkcs8, RemovePrivateKey: first.KeyId}), "", "")
	w.expect("removed twice", change(awsiam.UpdateSAMLProviderInput{RemovePrivateKey: first.KeyId}), "NoSuchEntity",
		"The private key with id "+*first.KeyId+" cannot be found.")
	w.expect("new document", change(awsiam.UpdateSAMLProviderInput{SAMLMetadataDocument: &newDoc}), "", "")
	w.expect("bad document", change(awsiam.UpdateSAMLProviderInput{SAMLMetadataDocument: aws.String(strings.Repeat("x", 1000))}), "InvalidInput",
		"Could not parse metadata.")
	got = must(w.service.GetSAMLProvider(t.Context(), w.root(), &awsiam.GetSAMLProviderInput{SAMLProviderArn: &want}))
	if *got.SAMLMetadataDocument != newDoc || len(got.PrivateKeyList) != 2 || got.AssertionEncryptionMode != types.AssertionEncryptionModeTypeRequired {
		t.Errorf("after the updates: %+v", got)
	}
	for i, k := range got.PrivateKeyList {
		err := change(awsiam.UpdateSAMLProviderInput{RemovePrivateKey: k.KeyId})
		if i == 0 {
			w.expect("one of two", err, "", "")
		} else {
			w.expect("the last that is required", err, "InvalidInput", "A private key is needed when assertion encryption is required.")
		}
	}

	w.samlProvider("Another")
	list := must(w.service.ListSAMLProviders(t.Context(), w.root(), &awsiam.ListSAMLProvidersInput{})).SAMLProviderList
	if len(list) != 2 || *list[1].Arn != want || !list[1].CreateDate.Equal(*got.CreateDate) || !list[1].ValidUntil.Equal(*got.ValidUntil) {
		t.Errorf("list: %+v", list)
	}
	if list := must(w.service.ListSAMLProviders(t.Context(), w.other(), &awsiam.ListSAMLProvidersInput{})).SAMLProviderList; list == nil || len(list) != 0 {
		t.Errorf("the other account's: %+v", list)
	}
	must(w.service.DeleteSAMLProvider(t.Context(), w.root(), &awsiam.DeleteSAMLProviderInput{SAMLProviderArn: &want}))
	_, err := w.service.GetSAMLProvider(t.Context(), w.root(), &awsiam.GetSAMLProviderInput{SAMLProviderArn: &want})
	w.expect("deleted", err, "NoSuchEntity", "Manifest not found for arn "+want)
}

func TestSAMLProviderRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.samlProvider("Taken")
	w.quota(iam.SAMLProviders, 2)
	doc := metadata("https://idp.example.com")
	for _, c := range []struct {
		name          string
		in            awsiam.CreateSAMLProviderInput
		code, message string
	}{
		{"taken", awsiam.CreateSAMLProviderInput{Name: aws.String("Taken")}, "EntityAlreadyExists", "Provider with name Taken already exists."},
		{"Identity Center's name", awsiam.CreateSAMLProviderInput{Name: aws.String("AWSSSO_0123456789abcdef_DO_NOT_DELETE")}, "InvalidInput",
			"The name AWSSSO_0123456789abcdef_DO_NOT_DELETE is reserved for IAM Identity Center."},
		{"no metadata", awsiam.CreateSAMLProviderInput{Name: aws.String("x"), SAMLMetadataDocument: aws.String("<x/>")}, "InvalidInput", "Could not parse metadata."},
		{"required without a key", awsiam.CreateSAMLProviderInput{Name: aws.String("x"), AssertionEncryptionMode: types.AssertionEncryptionModeTypeRequired},
			"InvalidInput", "A private key is needed when assertion encryption is required."},
		{"a tag twice", awsiam.CreateSAMLProviderInput{Name: aws.String("x"), Tags: []types.Tag{wireTag("k", ""), wireTag("k", "")}},
			"InvalidInput", "Duplicate tag keys found."},
		{"the last of the quota", awsiam.CreateSAMLProviderInput{Name: aws.String("x")}, "", ""},
		{"one more", awsiam.CreateSAMLProviderInput{Name: aws.String("y")}, "LimitExceeded", "Cannot exceed quota for SAMLProvidersPerAccount: 2"},
	} {
		if c.in.SAMLMetadataDocument == nil {
			c.in.SAMLMetadataDocument = &doc
		}
		_, err := w.service.CreateSAMLProvider(t.Context(), w.root(), &c.in)
		w.expect(c.name, err, c.code, c.message)
	}
	for _, c := range []struct{ arn, code, message string }{
		{"arn:aws:iam::" + acct + ":saml-provider/none", "NoSuchEntity", "Manifest not found for arn arn:aws:iam::" + acct + ":saml-provider/none"},
		// What policies were asked about is what is changed, letter for letter.
		{"arn:aws:iam::" + acct + ":saml-provider/TAKEN", "NoSuchEntity", "Manifest not found for arn arn:aws:iam::" + acct + ":saml-provider/TAKEN"},
		{"arn:aws:iam::" + otherAcct + ":saml-provider/Taken", "InvalidInput",
			"Invalid ARN: arn:aws:iam::" + otherAcct + ":saml-provider/Taken is not in this account."},
		{"arn:aws:iam::" + acct + ":oidc-provider/Taken", "InvalidInput",
			"Invalid ARN: arn:aws:iam::" + acct + ":oidc-provider/Taken is not the ARN of a provider of this kind."},
		{"a name of twenty letters", "ValidationError", "Invalid ARN:  Could not be parsed!"},
	} {
		_, err := w.service.GetSAMLProvider(t.Context(), w.root(), &awsiam.GetSAMLProviderInput{SAMLProviderArn: &c.arn})
		w.expect("get "+c.arn, err, c.code, c.message)
		_, err = w.service.DeleteSAMLProvider(t.Context(), w.root(), &awsiam.DeleteSAMLProviderInput{SAMLProviderArn: &c.arn})
		w.expect("delete "+c.arn, err, c.code, c.message)
	}
	// Deleting gives the quota back.
	must(w.service.DeleteSAMLProvider(t.Context(), w.root(), &awsiam.DeleteSAMLProviderInput{SAMLProviderArn: aws.String(arn.SAMLProvider(acct, "x"))}))
	w.samlProvider("y")
}

// Identity Center's own provider can be looked at and not changed
// (behaviours.md 5.7, 6.3).
func TestSAMLProviderOfIdentityCenter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const name = "AWSSSO_0123456789abcdef_DO_NOT_DELETE"
	w.update(func(tx store.Tx) error {
		return tx.PutSAMLProvider(iam.SAMLProvider{Account: acct, Name: name, CreatedAt: start, ExpiresAt: start.AddDate(100, 0, 0)})
	})
	its := aws.String(arn.SAMLProvider(acct, name))
	if got := must(w.service.GetSAMLProvider(t.Context(), w.root(), &awsiam.GetSAMLProviderInput{SAMLProviderArn: its})); got.ValidUntil.Year() != start.Year()+100 {
		t.Errorf("valid until %v", got.ValidUntil)
	}
	_, err1 := w.service.UpdateSAMLProvider(t.Context(), w.root(), &awsiam.UpdateSAMLProviderInput{SAMLProviderArn: its})
	_, err2 := w.service.DeleteSAMLProvider(t.Context(), w.root(), &awsiam.DeleteSAMLProviderInput{SAMLProviderArn: its})
	_, err3 := w.service.TagSAMLProvider(t.Context(), w.root(), &awsiam.TagSAMLProviderInput{SAMLProviderArn: its, Tags: []types.Tag{wireTag("k", "v")}})
	_, err4 := w.service.UntagSAMLProvider(t.Context(), w.root(), &awsiam.UntagSAMLProviderInput{SAMLProviderArn: its, TagKeys: []string{"k"}})
	for i, err := range []error{err1, err2, err3, err4} {
		w.expect(fmt.Sprint("change ", i), err, "UnmodifiableEntity",
			"Cannot perform the operation on the protected SAML provider '"+name+"' - this SAML provider is only modifiable by AWS")
	}
}

func (w *world) oidcProvider(url string) string {
	w.Helper()
	return *must(w.service.CreateOpenIDConnectProvider(w.Context(), w.root(), &awsiam.CreateOpenIDConnectProviderInput{
		Url: aws.String("https://" + url), ThumbprintList: []string{strings.Repeat("a1", 20)},
	})).OpenIDConnectProviderArn
}

func TestOIDCProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	thumbprints := []string{strings.Repeat("0F", 20), strings.Repeat("a1", 20)}
	made := must(w.service.CreateOpenIDConnectProvider(t.Context(), w.root(), &awsiam.CreateOpenIDConnectProviderInput{
		Url: aws.String("https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE"), ClientIDList: []string{"sts.amazonaws.com", "app", "app"},
		ThumbprintList: thumbprints, Tags: []types.Tag{wireTag("z", "1"), wireTag("a", "2")},
	}))
	want := "arn:aws:iam::" + acct + ":oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE"
	if *made.OpenIDConnectProviderArn != want || !slices.Equal(tagged(made.Tags), []string{"a=2", "z=1"}) {
		t.Errorf("made: %+v", made)
	}
	get := func() *awsiam.GetOpenIDConnectProviderOutput {
		return must(w.service.GetOpenIDConnectProvider(t.Context(), w.root(), &awsiam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: &want}))
	}
	got := get()
	if *got.Url != "oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE" || !slices.Equal(got.ClientIDList, []string{"sts.amazonaws.com", "app"}) ||
		!slices.Equal(got.ThumbprintList, thumbprints) || !got.CreateDate.Equal(start.Truncate(time.Second)) || !reflect.DeepEqual(got.Tags, made.Tags) {
		t.Errorf("read back: %+v", got)
	}

	// Adding what is there and removing what is not do no harm.
	for range 2 {
		must(w.service.AddClientIDToOpenIDConnectProvider(t.Context(), w.root(),
			&awsiam.AddClientIDToOpenIDConnectProviderInput{OpenIDConnectProviderArn: &want, ClientID: aws.String("new")}))
		must(w.service.RemoveClientIDFromOpenIDConnectProvider(t.Context(), w.root(),
			&awsiam.RemoveClientIDFromOpenIDConnectProviderInput{OpenIDConnectProviderArn: &want, ClientID: aws.String("app")}))
	}
	must(w.service.UpdateOpenIDConnectProviderThumbprint(t.Context(), w.root(),
		&awsiam.UpdateOpenIDConnectProviderThumbprintInput{OpenIDConnectProviderArn: &want, ThumbprintList: thumbprints[:1]}))
	if got := get(); !slices.Equal(got.ClientIDList, []string{"sts.amazonaws.com", "new"}) || !slices.Equal(got.ThumbprintList, thumbprints[:1]) {
		t.Errorf("changed: %+v", got)
	}
	for i := range 98 {
		must(w.service.AddClientIDToOpenIDConnectProvider(t.Context(), w.root(),
			&awsiam.AddClientIDToOpenIDConnectProviderInput{OpenIDConnectProviderArn: &want, ClientID: aws.String(fmt.Sprint(i))}))
	}
	_, err := w.service.AddClientIDToOpenIDConnectProvider(t.Context(), w.root(),
		&awsiam.AddClientIDToOpenIDConnectProviderInput{OpenIDConnectProviderArn: &want, ClientID: aws.String("101st")})
	w.expect("the 101st client id", err, "LimitExceeded", "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100")

	w.oidcProvider("accounts.example.com")
	list := must(w.service.ListOpenIDConnectProviders(t.Context(), w.root(), &awsiam.ListOpenIDConnectProvidersInput{})).OpenIDConnectProviderList
	if len(list) != 2 || *list[0].Arn != arn.OIDCProvider(acct, "accounts.example.com") || *list[1].Arn != want {
		t.Errorf("list: %+v", list)
	}
	must(w.service.DeleteOpenIDConnectProvider(t.Context(), w.root(), &awsiam.DeleteOpenIDConnectProviderInput{OpenIDConnectProviderArn: &want}))
	_, err = w.service.DeleteOpenIDConnectProvider(t.Context(), w.root(), &awsiam.DeleteOpenIDConnectProviderInput{OpenIDConnectProviderArn: &want})
	w.expect("deleted twice", err, "NoSuchEntity", "OpenId connect Provider "+want+" cannot be found.")
	if list := must(w.service.ListOpenIDConnectProviders(t.Context(), w.other(), &awsiam.ListOpenIDConnectProvidersInput{})); len(list.OpenIDConnectProviderList) != 0 {
		t.Errorf("the other account's: %+v", list)
	}
}

func TestOIDCProviderRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.oidcProvider("taken.example.com")
	w.quota(iam.OIDCProviders, 2)
	good := strings.Repeat("a1", 20)
	many := make([]string, 101)
	for i := range many {
		many[i] = fmt.Sprint(i)
	}
	const badURL = "Invalid Open ID Connect Provider URL"
	for _, c := range []struct {
		name, url     string
		clientIDs     []string
		thumbprints   []string
		code, message string
	}{
		{"taken", "https://taken.example.com", nil, nil, "EntityAlreadyExists", "Provider with url https://taken.example.com already exists."},
		{"http", "http://example.com", nil, nil, "ValidationError", badURL},
		{"no scheme", "example.com", nil, nil, "ValidationError", badURL},
		{"no host", "https:///path", nil, nil, "ValidationError", badURL},
		{"empty port", "https://example.com:/x", nil, nil, "ValidationError", badURL},
		{"query", "https://example.com/?x=1", nil, nil, "ValidationError", badURL},
		{"empty query", "https://example.com/?", nil, nil, "ValidationError", badURL},
		{"fragment", "https://example.com/#", nil, nil, "ValidationError", badURL},
		{"user", "https://jane@example.com", nil, nil, "ValidationError", badURL},
		{"not a URL", "https://exa mple.com", nil, nil, "ValidationError", badURL},
		{"client ids", "https://x.example.com", many, nil, "LimitExceeded", "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100"},
		{"thumbprints", "https://x.example.com", nil, []string{good, good, good, good, good, good}, "InvalidInput",
			"Thumbprint list must contain fewer than 5 entries."},
		{"no hex", "https://x.example.com", nil, []string{strings.Repeat("zz", 20)}, "InvalidInput", "Thumbprints must be 40 hexadecimal digits."},
		{"a trailing slash is another provider", "https://taken.example.com/", nil, nil, "", ""},
		{"one too many", "https://x.example.com", nil, nil, "LimitExceeded", "Cannot exceed quota for OpenIdConnectProvidersPerAccount: 2"},
	} {
		in := &awsiam.CreateOpenIDConnectProviderInput{Url: &c.url, ClientIDList: c.clientIDs, ThumbprintList: c.thumbprints}
		if in.ThumbprintList == nil {
			in.ThumbprintList = []string{good}
		}
		_, err := w.service.CreateOpenIDConnectProvider(t.Context(), w.root(), in)
		w.expect(c.name, err, c.code, c.message)
	}
	none := aws.String(arn.OIDCProvider(acct, "TAKEN.example.com"))
	_, err1 := w.service.GetOpenIDConnectProvider(t.Context(), w.root(), &awsiam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: none})
	_, err2 := w.service.AddClientIDToOpenIDConnectProvider(t.Context(), w.root(),
		&awsiam.AddClientIDToOpenIDConnectProviderInput{OpenIDConnectProviderArn: none, ClientID: aws.String("x")})
	_, err3 := w.service.UpdateOpenIDConnectProviderThumbprint(t.Context(), w.root(),
		&awsiam.UpdateOpenIDConnectProviderThumbprintInput{OpenIDConnectProviderArn: none, ThumbprintList: []string{good}})
	for _, err := range []error{err1, err2, err3} {
		w.expect("no such provider", err, "NoSuchEntity", "OpenIDConnect Provider not found for arn "+*none)
	}
	_, err := w.service.UpdateOpenIDConnectProviderThumbprint(t.Context(), w.root(),
		&awsiam.UpdateOpenIDConnectProviderThumbprintInput{OpenIDConnectProviderArn: aws.String(arn.OIDCProvider(acct, "taken.example.com"))})
	w.expect("no thumbprints", err, "InvalidInput", "Thumbprint list must contain at least 1 entry.")
}

// Without a thumbprint the provider's server is asked, once everything else is
// known to be right (behaviours.md 5.10).
func TestOIDCThumbprintFetched(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	create := func(url string) error {
		_, err := w.service.CreateOpenIDConnectProvider(t.Context(), w.root(), &awsiam.CreateOpenIDConnectProviderInput{Url: &url})
		return err
	}
	w.expect("nobody to ask", create("https://a.example.com"), "OpenIdIdpCommunicationError", "Unable to connect to the identity provider https://a.example.com.")
	var asked []string
	w.service.Thumbprint = func(_ context.Context, url string) (string, error) {
		asked = append(asked, url)
		if url == "https://down.example.com" {
			return "", errors.New("dial tcp 192.0.2.1:443: no route")
		}
		return strings.Repeat("b2", 20), nil
	}
	w.expect("down", create("https://down.example.com"), "OpenIdIdpCommunicationError", "Unable to connect to the identity provider https://down.example.com.")
	w.expect("up", create("https://a.example.com/x"), "", "")
	w.expect("again", create("https://a.example.com/x"), "EntityAlreadyExists", "Provider with url https://a.example.com/x already exists.")
	if want := []string{"https://down.example.com", "https://a.example.com/x"}; !slices.Equal(asked, want) {
		t.Errorf("asked %v, want %v", asked, want)
	}
	got := must(w.service.GetOpenIDConnectProvider(t.Context(), w.root(),
		&awsiam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: aws.String(arn.OIDCProvider(acct, "a.example.com/x"))}))
	if !slices.Equal(got.ThumbprintList, []string{strings.Repeat("b2", 20)}) {
		t.Errorf("kept %v", got.ThumbprintList)
	}
}

// Tag keys on these are case-sensitive (behaviours.md 5.7); lists are in order of
// key and page.
func TestProviderTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	saml, oidc, cert := w.samlProvider("P"), w.oidcProvider("p.example.com"), w.serverCertificate("/", "C")
	type ops struct {
		tag   func([]types.Tag) error
		untag func([]string) error
		list  func(marker *string, maxItems *int32) ([]types.Tag, bool, *string, error)
	}
	for name, o := range map[string]ops{
		"SAML": {
			func(tags []types.Tag) error {
				_, err := w.service.TagSAMLProvider(t.Context(), w.root(), &awsiam.TagSAMLProviderInput{SAMLProviderArn: &saml, Tags: tags})
				return err
			},
			func(keys []string) error {
				_, err := w.service.UntagSAMLProvider(t.Context(), w.root(), &awsiam.UntagSAMLProviderInput{SAMLProviderArn: &saml, TagKeys: keys})
				return err
			},
			func(marker *string, maxItems *int32) ([]types.Tag, bool, *string, error) {
				out, err := w.service.ListSAMLProviderTags(t.Context(), w.root(),
					&awsiam.ListSAMLProviderTagsInput{SAMLProviderArn: &saml, Marker: marker, MaxItems: maxItems})
				return out.Tags, out.IsTruncated, out.Marker, err
			},
		},
		"OIDC": {
			func(tags []types.Tag) error {
				_, err := w.service.TagOpenIDConnectProvider(t.Context(), w.root(), &awsiam.TagOpenIDConnectProviderInput{OpenIDConnectProviderArn: &oidc, Tags: tags})
				return err
			},
			func(keys []string) error {
				_, err := w.service.UntagOpenIDConnectProvider(t.Context(), w.root(), &awsiam.UntagOpenIDConnectProviderInput{OpenIDConnectProviderArn: &oidc, TagKeys: keys})
				return err
			},
			func(marker *string, maxItems *int32) ([]types.Tag, bool, *string, error) {
				out, err := w.service.ListOpenIDConnectProviderTags(t.Context(), w.root(),
					&awsiam.ListOpenIDConnectProviderTagsInput{OpenIDConnectProviderArn: &oidc, Marker: marker, MaxItems: maxItems})
				return out.Tags, out.IsTruncated, out.Marker, err
			},
		},
		"server certificate": {
			func(tags []types.Tag) error {
				_, err := w.service.TagServerCertificate(t.Context(), w.root(), &awsiam.TagServerCertificateInput{ServerCertificateName: &cert, Tags: tags})
				return err
			},
			func(keys []string) error {
				_, err := w.service.UntagServerCertificate(t.Context(), w.root(), &awsiam.UntagServerCertificateInput{ServerCertificateName: &cert, TagKeys: keys})
				return err
			},
			func(marker *string, maxItems *int32) ([]types.Tag, bool, *string, error) {
				out, err := w.service.ListServerCertificateTags(t.Context(), w.root(),
					&awsiam.ListServerCertificateTagsInput{ServerCertificateName: &cert, Marker: marker, MaxItems: maxItems})
				return out.Tags, out.IsTruncated, out.Marker, err
			},
		},
	} {
		w.expect(name, o.tag([]types.Tag{wireTag("b", "1"), wireTag("a", "2"), wireTag("B", "3")}), "", "")
		w.expect(name, o.tag([]types.Tag{wireTag("b", "4")}), "", "")
		w.expect(name+" twice", o.tag([]types.Tag{wireTag("c", ""), wireTag("c", "")}), "InvalidInput", "Duplicate tag keys found.")
		w.expect(name+" untagged", o.untag([]string{"a", "A", "none"}), "", "")
		if got := tagged(listed(w, o.list)); !slices.Equal(got, []string{"B=3", "b=4"}) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// What policies are asked about: the thing itself with its tags
// (behaviours.md 3.5), and for lists everything of the kind.
func TestProviderTargets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	saml, oidc, cert := w.samlProvider("P"), w.oidcProvider("p.example.com"), w.serverCertificate("/elb/", "C")
	w.user("jane")
	tags := []types.Tag{wireTag("team", "red")}
	must(w.service.TagSAMLProvider(t.Context(), w.root(), &awsiam.TagSAMLProviderInput{SAMLProviderArn: &saml, Tags: tags}))
	must(w.service.TagOpenIDConnectProvider(t.Context(), w.root(), &awsiam.TagOpenIDConnectProviderInput{OpenIDConnectProviderArn: &oidc, Tags: tags}))
	must(w.service.TagServerCertificate(t.Context(), w.root(), &awsiam.TagServerCertificateInput{ServerCertificateName: &cert, Tags: tags}))
	in := "arn:aws:iam::" + acct + ":"
	for _, c := range []struct {
		operation string
		input     any
		want      string
		tagged    bool
	}{
		{"CreateSAMLProvider", &awsiam.CreateSAMLProviderInput{Name: aws.String("New")}, in + "saml-provider/New", false},
		{"DeleteSAMLProvider", &awsiam.DeleteSAMLProviderInput{SAMLProviderArn: &saml}, saml, true},
		{"DeleteSAMLProvider", &awsiam.DeleteSAMLProviderInput{SAMLProviderArn: aws.String("nonsense")}, "nonsense", false},
		{"ListSAMLProviders", &awsiam.ListSAMLProvidersInput{}, in + "saml-provider/*", false},
		{"CreateOpenIDConnectProvider", &awsiam.CreateOpenIDConnectProviderInput{Url: aws.String("https://a.example.com/b")}, in + "oidc-provider/a.example.com/b", false},
		{"GetOpenIDConnectProvider", &awsiam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: &oidc}, oidc, true},
		{"ListOpenIDConnectProviders", &awsiam.ListOpenIDConnectProvidersInput{}, in + "oidc-provider/*", false},
		{"UploadServerCertificate", &awsiam.UploadServerCertificateInput{ServerCertificateName: aws.String("New"), Path: aws.String("/x/")}, in + "server-certificate/x/New", false},
		{"GetServerCertificate", &awsiam.GetServerCertificateInput{ServerCertificateName: aws.String("c")}, in + "server-certificate/elb/C", true},
		{"GetServerCertificate", &awsiam.GetServerCertificateInput{ServerCertificateName: aws.String("none")}, in + "server-certificate/none", false},
		{"ListServerCertificates", &awsiam.ListServerCertificatesInput{PathPrefix: aws.String("/elb/")}, in + "server-certificate/elb/", false},
		{"UploadSSHPublicKey", &awsiam.UploadSSHPublicKeyInput{UserName: aws.String("JANE")}, in + "user/jane", false},
		{"ListServiceSpecificCredentials", &awsiam.ListServiceSpecificCredentialsInput{UserName: aws.String("jane")}, in + "user/jane", false},
		{"ListServiceSpecificCredentials", &awsiam.ListServiceSpecificCredentialsInput{AllUsers: aws.Bool(true)}, in + "user/*", false},
	} {
		rule := service.Table[c.operation]
		got, err := service.Names{Store: w.db}.Target(t.Context(), w.root(), rule, c.input)
		if err != nil || got.ARN != c.want || (got.Tags["team"] == "red") != c.tagged {
			t.Errorf("%s: %+v, %v; want %s, tagged %v", c.operation, got, err, c.want, c.tagged)
		}
		if rule.Access != call.Signed || rule.Action != "iam:"+c.operation {
			t.Errorf("%s is guarded by %+v", c.operation, rule)
		}
	}
}
