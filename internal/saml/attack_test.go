package saml_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"

	"sekisho/internal/saml"
	"sekisho/internal/saml/samltest"
)

func doc(t testing.TB, raw []byte) *etree.Document {
	t.Helper()
	d := etree.NewDocument()
	if err := d.ReadFromBytes(raw); err != nil {
		t.Fatal(err)
	}
	return d
}

func encode(t testing.TB, d *etree.Document) string {
	t.Helper()
	b, err := d.WriteToBytes()
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b)
}

// child returns the child called tag, whatever its prefix.
func child(e *etree.Element, tag string) *etree.Element {
	for _, c := range e.ChildElements() {
		if c.Tag == tag {
			return c
		}
	}
	panic("no " + tag)
}

// evil makes a copy of e that says it is admin, under another id, unsigned.
func evil(e *etree.Element) *etree.Element {
	c := e.Copy()
	c.CreateAttr("ID", "_evil")
	unsign(c)
	for _, id := range c.FindElements(".//NameID") {
		id.SetText("admin@example.com")
	}
	return c
}

// unsign takes the signature off e and returns it, or something harmless if
// there was none.
func unsign(e *etree.Element) *etree.Element {
	for _, c := range e.ChildElements() {
		if c.Tag == "Signature" {
			e.RemoveChild(c)
			return c
		}
	}
	return etree.NewElement("none")
}

// wrappings are the eight signature wrapping attacks as the literature numbers
// them: 1 and 2 on a signed response, 3 to 8 on a signed assertion.
var wrappings = map[string]func(root *etree.Element){
	"XSW1": func(root *etree.Element) {
		original := root.Copy()
		sig := unsign(root)
		unsign(original)
		become(root, evil(root))
		root.InsertChildAt(1, sig)
		sig.AddChild(original)
	},
	"XSW2": func(root *etree.Element) {
		original := root.Copy()
		sig := unsign(root)
		unsign(original)
		become(root, evil(root))
		root.InsertChildAt(1, original)
		root.InsertChildAt(2, sig)
	},
	"XSW3": func(root *etree.Element) {
		a := child(root, "Assertion")
		root.InsertChildAt(a.Index(), evil(a))
	},
	"XSW4": func(root *etree.Element) {
		a := child(root, "Assertion")
		e := evil(a)
		root.RemoveChild(a)
		e.AddChild(a)
		root.AddChild(e)
	},
	"XSW5": func(root *etree.Element) {
		a := child(root, "Assertion")
		original := a.Copy()
		unsign(original)
		sig := unsign(a)
		become(a, evil(a))
		a.InsertChildAt(1, sig)
		root.AddChild(original)
	},
	"XSW6": func(root *etree.Element) {
		a := child(root, "Assertion")
		original := a.Copy()
		unsign(original)
		sig := unsign(a)
		become(a, evil(a))
		a.InsertChildAt(1, sig)
		sig.AddChild(original)
	},
	"XSW7": func(root *etree.Element) {
		a := child(root, "Assertion")
		ext := etree.NewElement("samlp:Extensions")
		e := evil(a)
		e.CreateAttr("ID", a.SelectAttrValue("ID", ""))
		ext.AddChild(e)
		root.InsertChildAt(a.Index(), ext)
	},
	"XSW7 with its own id": func(root *etree.Element) {
		a := child(root, "Assertion")
		ext := etree.NewElement("samlp:Extensions")
		ext.AddChild(evil(a))
		root.InsertChildAt(a.Index(), ext)
	},
	"XSW8": func(root *etree.Element) {
		a := child(root, "Assertion")
		original := a.Copy()
		unsign(original)
		sig := unsign(a)
		become(a, evil(a))
		a.InsertChildAt(1, sig)
		o := etree.NewElement("ds:Object")
		o.AddChild(original)
		sig.AddChild(o)
	},
	"signature moved to an evil assertion": func(root *etree.Element) {
		a := child(root, "Assertion")
		e := evil(a)
		e.InsertChildAt(1, unsign(a))
		root.InsertChildAt(a.Index(), e)
	},
	"evil assertion after the signed one": func(root *etree.Element) {
		root.AddChild(evil(child(root, "Assertion")))
	},
	"assertion hidden in the status": func(root *etree.Element) {
		a := child(root, "Assertion")
		root.AddChild(evil(a))
		child(root, "Status").AddChild(a)
	},
}

// become gives e the content of other.
func become(e, other *etree.Element) {
	e.Attr = other.Attr
	for len(e.Child) > 0 {
		e.RemoveChildAt(0)
	}
	for _, c := range append([]etree.Token{}, other.Child...) {
		e.AddChild(c)
	}
}

// Promise 17: a signature covers what is read, wherever it is put.
func TestSignatureWrapping(t *testing.T) {
	t.Parallel()
	for name, attack := range wrappings {
		for how, r := range map[string]samltest.Response{
			"assertion signed": {}, "response signed": {SignResponse: true, SkipAssertion: true}, "both signed": {SignResponse: true},
		} {
			t.Run(name+"/"+how, func(t *testing.T) {
				t.Parallel()
				r.IssuedAt = now
				d := doc(t, provider().XML(r))
				attack(d.Root())
				if a, err := verifier.Verify(metadata(), encode(t, d), now); err == nil {
					t.Fatalf("believed %q", a.Subject)
				} else if !strings.HasPrefix(err.Error(), saml.CodeInvalidIdentityToken) {
					t.Fatal(err)
				}
			})
		}
	}
}

// Promise 17: documents that two readers could take for two things. Each is
// refused for its own reason, before any signature could save the day.
func TestOnlyOneXMLIsBelieved(t *testing.T) {
	t.Parallel()
	replace := func(old, text string) func(string) string {
		return func(s string) string {
			if !strings.Contains(s, old) {
				panic("no " + old)
			}
			return strings.Replace(s, old, text, 1)
		}
	}
	const exclusive = `"http://www.w3.org/2001/10/xml-exc-c14n#"`
	for name, c := range map[string]struct {
		edit  func(string) string
		cause string
	}{
		"comment in the name":     {replace("alice@example.com", "alice@example.com<!-- -->.evil.example"), "comment"},
		"comment anywhere":        {replace("<samlp:Status>", "<!-- x --><samlp:Status>"), "comment"},
		"instruction in the name": {replace("alice@", "alice<?x?>@"), "processing instruction"},
		"document type":           {func(s string) string { return "<!DOCTYPE a>" + s }, "document type"},
		"entity": {func(s string) string {
			return `<!DOCTYPE a [<!ENTITY e "admin">]>` + strings.Replace(s, "alice@", "&e;@", 1)
		}, "document type"},
		"external entity":          {func(s string) string { return `<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>` + s }, "document type"},
		"undefined entity":         {replace("alice@", "&e;@"), "not well-formed"},
		"not UTF-8":                {replace("alice@", "alice\xff@"), "not UTF-8"},
		"another encoding":         {func(s string) string { return `<?xml version="1.0" encoding="ISO-8859-1"?>` + s }, "not well-formed"},
		"byte order mark":          {func(s string) string { return "\ufeff" + s }, "text outside of the root"},
		"two roots":                {func(s string) string { return s + "<a/>" }, "more than one root"},
		"text behind":              {func(s string) string { return s + "x" }, "text outside of the root"},
		"cut off":                  {func(s string) string { return s[:len(s)-3] }, "not well-formed"},
		"duplicate id":             {replace(`<saml:Subject>`, `<saml:Subject Id="_assertion-1">`), "duplicate id"},
		"id with a prefix":         {replace(`<saml:Subject>`, `<saml:Subject xml:id="_x">`), "prefixed id"},
		"id in a namespace":        {replace(`<saml:Assertion `, `<saml:Assertion xmlns:e="urn:e" e:ID="_evil" `), "prefixed id"},
		"attribute twice":          {replace(`<saml:Subject>`, `<saml:Subject a="1" a="2">`), "attribute twice"},
		"two prefixes, one name":   {replace(`<saml:Subject>`, `<saml:Subject xmlns:p="urn:p" xmlns:q="urn:p" p:a="1" q:a="2">`), "attribute twice"},
		"undeclared prefix":        {replace(`<saml:Subject>`, `<saml:Subject nil:a="1">`), "undeclared prefix"},
		"prefix taken away":        {replace(`<saml:Subject>`, `<saml:Subject xmlns:saml="">`), "namespace declaration"},
		"two colons":               {replace(`<saml:Subject>`, `<saml:Subject a:b:c="1">`), "not well-formed"},
		"leading colon":            {replace(`<saml:Subject>`, `<saml:Subject :a="1">`), "attribute name"},
		"prefix of something else": {replace(`<saml:Subject>`, `<saml:Subject xmlns:saml="urn:evil">`), "no key of the metadata made the signature"},
		"assertion of another namespace": {func(s string) string {
			return strings.Replace(s, `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"`, `<saml:Assertion xmlns:saml="urn:evil"`, 1)
		}, "signature out of place"},
		"response of another namespace": {replace("urn:oasis:names:tc:SAML:2.0:protocol", "urn:evil"), "not a SAML 2.0 response"},
		"reference to nothing":          {replace(`URI="#_assertion-1"`, `URI=""`), "refers to something else"},
		"reference to another":          {replace(`URI="#_assertion-1"`, `URI="#_other"`), "refers to something else"},
		"reference by pointer":          {replace(`URI="#_assertion-1"`, `URI="#xpointer(id('_assertion-1'))"`), "refers to something else"},
		"reference without address":     {replace(` URI="#_assertion-1"`, ``), "refers to something else"},
		"no reference":                  {cut("<ds:Reference", "</ds:Reference>"), "not exactly one reference"},
		"two references": {func(s string) string {
			r := s[strings.Index(s, "<ds:Reference"):strings.Index(s, "</ds:SignedInfo>")]
			return strings.Replace(s, r, r+r, 1)
		}, "not exactly one reference"},
		"two signed infos": {func(s string) string {
			i := s[strings.Index(s, "<ds:SignedInfo>"):strings.Index(s, "<ds:SignatureValue>")]
			return strings.Replace(s, i, i+i, 1)
		}, "unexpected children"},
		"object in the signature": {replace("</ds:Signature>", "<ds:Object/></ds:Signature>"), "unexpected children"},
		"two signatures": {func(s string) string {
			i := s[strings.Index(s, "<ds:Signature "):strings.Index(s, "<saml:Subject>")]
			return strings.Replace(s, i, i+i, 1)
		}, "more than one signature"},
		"no transform":        {cut(`<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"`, "/>"), "transforms"},
		"filtering transform": {replace(`<ds:Transform Algorithm=`+exclusive, `<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"`), "transforms"},
		"keeping comments":    {replace(`<ds:CanonicalizationMethod Algorithm=`+exclusive, `<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#WithComments"`), "canonicalization"},
		"SHA-1 signature":     {replace("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#rsa-sha1"), "algorithm"},
		"HMAC":                {replace("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#hmac-sha1"), "algorithm"},
		"SHA-1 digest":        {replace("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1"), "digest algorithm"},
		"signature elsewhere": {func(s string) string {
			i := s[strings.Index(s, "<ds:Signature "):strings.Index(s, "<saml:Subject>")]
			return strings.Replace(strings.Replace(s, i, "", 1), "</saml:Subject>", i+"</saml:Subject>", 1)
		}, "signature out of place"},
		"no signature": {cut("<ds:Signature ", "</ds:Signature>"), "neither response nor assertion is signed"},
		"deep": {func(s string) string {
			return strings.Replace(s, "<saml:Subject>", strings.Repeat("<a>", 40)+strings.Repeat("</a>", 40)+"<saml:Subject>", 1)
		}, "too large"},
		"wide": {func(s string) string {
			return strings.Replace(s, "<saml:Subject>", strings.Repeat("<a/>", 5000)+"<saml:Subject>", 1)
		}, "too large"},
		"no assertion":             {cut("<saml:Assertion ", "</saml:Assertion>"), "0 of Assertion"},
		"response in the response": {replace("</samlp:Status>", "</samlp:Status><samlp:Extensions><samlp:Response/></samlp:Extensions>"), "response inside of the response"},
		"text changed":             {replace("alice@", "admin@"), "no key of the metadata made the signature"},
		"not XML":                  {func(string) string { return "hello" }, "text outside of the root"},
		"empty":                    {func(string) string { return "    " }, "empty"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := good()
			text := c.edit(string(provider().XML(r)))
			_, err := verifier.Verify(metadata(), base64.StdEncoding.EncodeToString([]byte(text)), now)
			refused(t, err, saml.CodeInvalidIdentityToken, "")
			var e *saml.Error
			if errors.As(err, &e); !strings.Contains(e.Cause(), c.cause) {
				t.Errorf("refused for %q, want %q", e.Cause(), c.cause)
			}
		})
	}
}

// cut takes out what is from begin to end.
func cut(begin, end string) func(string) string {
	return func(s string) string {
		i := strings.Index(s, begin)
		j := i + strings.Index(s[i:], end)
		return s[:i] + strings.TrimPrefix(s[j:], end)
	}
}

func TestSignedByTheWrongKey(t *testing.T) {
	t.Parallel()
	weak := samltest.NewWithBits(entity, 1024)
	for name, c := range map[string]struct {
		by   *samltest.Provider
		edit func(*samltest.Response)
	}{
		"a stranger, who brings the certificate along": {stranger(), func(*samltest.Response) {}},
		"a stranger signs the response":                {stranger(), func(r *samltest.Response) { r.SignResponse = true; r.SkipAssertion = true }},
		"a weak key that is not the provider's":        {weak, func(*samltest.Response) {}},
		"a stranger, encrypted":                        {stranger(), func(r *samltest.Response) { r.EncryptTo = &sealKey().PublicKey }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := good()
			c.edit(&r)
			_, err := verifier.Verify(metadata(), c.by.Sign(r), now, sealKey())
			refused(t, err, saml.CodeInvalidIdentityToken, "Response signature invalid")
		})
	}
}

// A stranger's signature on the response does not carry a good assertion, and
// the other way around: every signature that is there has to be right.
func TestEverySignatureCounts(t *testing.T) {
	t.Parallel()
	mine := doc(t, provider().XML(samltest.Response{IssuedAt: now, SignResponse: true}))
	theirs := doc(t, stranger().XML(samltest.Response{IssuedAt: now, SignResponse: true, ID: child(mine.Root(), "Assertion").SelectAttrValue("ID", "")}))
	sig := unsign(child(theirs.Root(), "Assertion"))
	a := child(mine.Root(), "Assertion")
	unsign(mine.Root())
	unsign(a)
	a.InsertChildAt(1, sig)
	_, err := verifier.Verify(metadata(), encode(t, mine), now)
	refused(t, err, saml.CodeInvalidIdentityToken, "Response signature invalid")
}

func TestEncryptedAssertions(t *testing.T) {
	t.Parallel()
	r := good()
	r.EncryptTo = &sealKey().PublicKey
	d := doc(t, provider().XML(r))
	for name, edit := range map[string]func(e *etree.Element){
		"no key":           func(e *etree.Element) { info := e.FindElement(".//KeyInfo"); info.Parent().RemoveChild(info) },
		"short ciphertext": func(e *etree.Element) { e.FindElement("./EncryptedData/CipherData/CipherValue").SetText("AAAA") },
		"empty ciphertext": func(e *etree.Element) { e.FindElement("./EncryptedData/CipherData/CipherValue").SetText("") },
		"changed ciphertext": func(e *etree.Element) {
			v := e.FindElement("./EncryptedData/CipherData/CipherValue")
			v.SetText("AAAA" + v.Text()[4:])
		},
		"short key": func(e *etree.Element) { e.FindElement(".//EncryptedKey/CipherData/CipherValue").SetText("AAAA") },
		"unknown cipher": func(e *etree.Element) {
			e.FindElement("./EncryptedData/EncryptionMethod").CreateAttr("Algorithm", "http://www.w3.org/2001/04/xmlenc#tripledes-cbc")
		},
		"another cipher": func(e *etree.Element) {
			e.FindElement("./EncryptedData/EncryptionMethod").CreateAttr("Algorithm", "http://www.w3.org/2001/04/xmlenc#aes256-cbc")
		},
		"PKCS #1 v1.5": func(e *etree.Element) {
			e.FindElement(".//EncryptedKey/EncryptionMethod").CreateAttr("Algorithm", "http://www.w3.org/2001/04/xmlenc#rsa-1_5")
		},
		"nothing inside": func(e *etree.Element) { e.RemoveChild(e.ChildElements()[0]) },
		"no method": func(e *etree.Element) {
			m := e.FindElement("./EncryptedData/EncryptionMethod")
			m.Parent().RemoveChild(m)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := d.Copy()
			edit(child(d.Root(), "EncryptedAssertion"))
			_, err := verifier.Verify(metadata(), encode(t, d), now, sealKey())
			refused(t, err, saml.CodeInvalidIdentityToken, "Response signature invalid")
			if !strings.Contains(err.Error(), "assertion could not be decrypted") {
				t.Error(err)
			}
		})
	}
	for name, keys := range map[string]func() error{
		"without a key":      func() error { _, err := verifier.Verify(metadata(), encode(t, d), now); return err },
		"with another's key": func() error { _, err := verifier.Verify(metadata(), encode(t, d), now, stranger().Key); return err },
	} {
		if err := keys(); err == nil {
			t.Errorf("opened %s", name)
		}
	}
}

// Whatever the last block decrypts to, its padding is refused or the signature is.
func TestPaddingOfCBC(t *testing.T) {
	t.Parallel()
	r := good()
	r.EncryptTo, r.CBC = &sealKey().PublicKey, true
	d := doc(t, provider().XML(r))
	value := child(d.Root(), "EncryptedAssertion").FindElement("./EncryptedData/CipherData/CipherValue")
	text, err := base64.StdEncoding.DecodeString(value.Text())
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(text); n += 24 {
		value.SetText(base64.StdEncoding.EncodeToString(text[:n]))
		_, err := verifier.Verify(metadata(), encode(t, d), now, sealKey())
		refused(t, err, saml.CodeInvalidIdentityToken, "Response signature invalid")
	}
}

// Who the response says signed it changes nothing.
func TestKeyInfoIsNotListenedTo(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(info *etree.Element){
		"none":        func(info *etree.Element) { info.Parent().RemoveChild(info) },
		"a name only": func(info *etree.Element) { info.Child = nil; info.CreateElement("ds:KeyName").SetText("key") },
		"a stranger's": func(info *etree.Element) {
			info.FindElement(".//X509Certificate").SetText(base64.StdEncoding.EncodeToString(stranger().Certificate.Raw))
		},
		"what is no certificate": func(info *etree.Element) { info.FindElement(".//X509Certificate").SetText("AAAA") },
	} {
		d := doc(t, provider().XML(good()))
		edit(child(d.Root(), "Assertion").FindElement("./Signature/KeyInfo"))
		if _, err := verifier.Verify(metadata(), encode(t, d), now); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// believes checks what was accepted of a document made from a good one: it must
// say what the good one said.
func believes(t *testing.T, raw []byte) {
	t.Helper()
	text := base64.StdEncoding.EncodeToString(raw)
	_, _ = verifier.Issuer(text)
	a, err := verifier.Verify(metadata(), text, now, sealKey())
	if err != nil {
		return
	}
	if a.Subject != "alice@example.com" || a.SubjectFormat != emailType || !a.Allows(roleARN, idpARN) || len(a.Attributes) != len(good().Attributes) {
		t.Errorf("believed %+v from\n%s", a, raw)
	}
}

// Promise 17: mutations of a valid response are accepted only if what is read
// is what was signed. FuzzVerify looks further; this is the part for every run.
func TestMutationsSayTheSame(t *testing.T) {
	t.Parallel()
	both := good()
	both.SignResponse = true
	whole := good()
	whole.SignResponse, whole.SkipAssertion = true, true
	originals := [][]byte{provider().XML(good()), provider().XML(both), provider().XML(whole)}
	pieces := []string{"<!-- -->", "<?x?>", "alice", "admin", "admin@example.com", "<saml:NameID>admin@example.com</saml:NameID>", "</saml:NameID>", "&amp;",
		"<![CDATA[admin]]>", ` ID="_assertion-1"`, ` xmlns:saml="urn:e"`, "<saml:Subject>", "</saml:Assertion>", "#", `""`, "\x00", "&#97;"}
	rng := rand.New(rand.NewPCG(17, 3))
	n := 4000
	if testing.Short() {
		n = 500
	}
	for range n {
		raw := bytes.Clone(originals[rng.IntN(len(originals))])
		for range 1 + rng.IntN(3) {
			i, j := rng.IntN(len(raw)), rng.IntN(len(raw))
			if i > j {
				i, j = j, i
			}
			switch rng.IntN(5) {
			case 0: // change a byte
				raw[i] ^= byte(1 << rng.IntN(8))
			case 1: // insert a piece
				raw = append(raw[:i:i], append([]byte(pieces[rng.IntN(len(pieces))]), raw[i:]...)...)
			case 2: // take some bytes away
				raw = append(raw[:i:i], raw[min(i+1+rng.IntN(40), len(raw)):]...)
			case 3: // say something twice
				raw = append(raw[:j:j], append(bytes.Clone(raw[i:j]), raw[j:]...)...)
			case 4: // replace a text wherever it stands
				raw = bytes.Replace(raw, []byte("alice"), []byte("admin"), 1+rng.IntN(2))
			}
		}
		believes(t, raw)
	}
}

func FuzzVerify(f *testing.F) {
	both := good()
	both.SignResponse = true
	sealed := good()
	sealed.EncryptTo = &sealKey().PublicKey
	for _, r := range []samltest.Response{good(), both, sealed} {
		f.Add(provider().XML(r))
	}
	for _, attack := range wrappings {
		d := doc(f, provider().XML(both))
		attack(d.Root())
		raw, err := d.WriteToBytes()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(`<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>`))
	f.Fuzz(believes)
}

func BenchmarkVerify(b *testing.B) {
	both := good()
	both.SignResponse = true
	for name, r := range map[string]samltest.Response{"assertion": good(), "both": both} {
		b.Run(name, func(b *testing.B) {
			text := provider().Sign(r)
			for b.Loop() {
				if _, err := verifier.Verify(metadata(), text, now.Add(time.Second)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
