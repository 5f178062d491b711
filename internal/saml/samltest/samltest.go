// Package samltest is a SAML identity provider for tests: it has a key, makes
// its metadata, and signs whatever response it is asked for, right or wrong.
package samltest

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// Provider is an identity provider.
type Provider struct {
	EntityID    string
	Key         *rsa.PrivateKey
	Certificate *x509.Certificate
}

// New makes a provider with a new RSA key of 2048 bits.
func New(entityID string) *Provider { return NewWithBits(entityID, 2048) }

// NewWithBits makes a provider with a new RSA key of so many bits.
func NewWithBits(entityID string, bits int) *Provider {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	must(err)
	return NewWithKey(entityID, key)
}

// NewWithKey makes a provider with a key that is there already.
func NewWithKey(entityID string, key *rsa.PrivateKey) *Provider {
	return &Provider{entityID, key, Certificate(key, entityID)}
}

// Certificate makes a self-signed certificate of key, valid in the year 2020
// only: nobody is to look at its dates.
func Certificate(key *rsa.PrivateKey, name string) *x509.Certificate {
	begin := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	t := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: begin, NotAfter: begin.AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	must(err)
	cert, err := x509.ParseCertificate(der)
	must(err)
	return cert
}

// Metadata is the provider's metadata document, with any more certificates
// that it is to announce.
func (p *Provider) Metadata(more ...*x509.Certificate) string {
	var keys strings.Builder
	for _, c := range append([]*x509.Certificate{p.Certificate}, more...) {
		fmt.Fprintf(&keys, `
    <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>%s</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
			base64.StdEncoding.EncodeToString(c.Raw))
	}
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="%s">
  <md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">%s
    <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example.com/sso"/>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.com/sso"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>
`, escape(p.EntityID), keys.String())
}

// Response is what a response is to say. Zero fields get values that make a
// good response to https://signin.aws.amazon.com/saml: alice, now, an assertion
// that is signed and lasts 5 minutes.
type Response struct {
	ID            string // of the assertion
	Issuer        string // the provider's entity id, if empty
	Subject       string
	SubjectFormat string
	Recipient     string
	Audience      string
	InResponseTo  string
	Destination   string // of the response; none if empty
	Attributes    map[string][]string
	IssuedAt      time.Time
	NotOnOrAfter  time.Time
	SessionEnds   time.Time // none if zero
	Status        string    // the last part of the status URN; Success if empty

	SignResponse  bool // sign the response
	SkipAssertion bool // do not sign the assertion
	// EncryptTo seals the assertion with AES-256-GCM for this key.
	EncryptTo *rsa.PublicKey
	// CBC seals with AES-128-CBC instead.
	CBC bool
	// Edit changes the assertion before anything is signed.
	Edit func(assertion *etree.Element)
}

// The attribute names most tests need.
const (
	attributePrefix = "https://aws.amazon.com/SAML/Attributes/"
	Role            = attributePrefix + "Role"
	RoleSessionName = attributePrefix + "RoleSessionName"
)

// Sign makes the response and returns it in base64, as it is posted.
func (p *Provider) Sign(r Response) string {
	return base64.StdEncoding.EncodeToString(p.XML(r))
}

// XML makes the response as a document.
func (p *Provider) XML(r Response) []byte {
	r = p.defaults(r)
	assertion := p.assertion(r)
	if r.Edit != nil {
		r.Edit(assertion)
	}
	if !r.SkipAssertion {
		p.sign(assertion)
	}
	destination := ""
	if r.Destination != "" {
		destination = fmt.Sprintf(` Destination="%s"`, escape(r.Destination))
	}
	root := element(fmt.Sprintf(`<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="%s" Version="2.0" IssueInstant="%s"%s>`+
		`<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">%s</saml:Issuer>`+
		`<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:%s"/></samlp:Status></samlp:Response>`,
		newID(), stamp(r.IssuedAt), destination, escape(r.Issuer), r.Status))
	if r.EncryptTo != nil {
		assertion = Encrypt(assertion, r.EncryptTo, r.CBC)
	}
	root.AddChild(assertion)
	if r.SignResponse {
		p.sign(root)
	}
	return document(root)
}

func (p *Provider) defaults(r Response) Response {
	set := func(s *string, v string) {
		if *s == "" {
			*s = v
		}
	}
	set(&r.ID, newID())
	set(&r.Issuer, p.EntityID)
	set(&r.Subject, "alice@example.com")
	set(&r.SubjectFormat, "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent")
	set(&r.Recipient, "https://signin.aws.amazon.com/saml")
	set(&r.Audience, "urn:amazon:webservices")
	set(&r.Status, "Success")
	if r.IssuedAt.IsZero() {
		r.IssuedAt = time.Now()
	}
	if r.NotOnOrAfter.IsZero() {
		r.NotOnOrAfter = r.IssuedAt.Add(5 * time.Minute)
	}
	return r
}

func (p *Provider) assertion(r Response) *etree.Element {
	var attributes strings.Builder
	for _, name := range slices.Sorted(maps.Keys(r.Attributes)) {
		fmt.Fprintf(&attributes, `<saml:Attribute Name="%s">`, escape(name))
		for _, v := range r.Attributes[name] {
			fmt.Fprintf(&attributes, `<saml:AttributeValue>%s</saml:AttributeValue>`, escape(v))
		}
		attributes.WriteString(`</saml:Attribute>`)
	}
	statement := ""
	if attributes.Len() > 0 {
		statement = "<saml:AttributeStatement>" + attributes.String() + "</saml:AttributeStatement>"
	}
	session, answers := "", ""
	if !r.SessionEnds.IsZero() {
		session = fmt.Sprintf(` SessionNotOnOrAfter="%s"`, stamp(r.SessionEnds))
	}
	if r.InResponseTo != "" {
		answers = fmt.Sprintf(` InResponseTo="%s"`, escape(r.InResponseTo))
	}
	return element(fmt.Sprintf(`<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="%s" Version="2.0" IssueInstant="%s"><saml:Issuer>%s</saml:Issuer>`+
		`<saml:Subject><saml:NameID Format="%s">%s</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">`+
		`<saml:SubjectConfirmationData NotOnOrAfter="%s" Recipient="%s"%s/></saml:SubjectConfirmation></saml:Subject>`+
		`<saml:Conditions NotBefore="%s" NotOnOrAfter="%s"><saml:AudienceRestriction><saml:Audience>%s</saml:Audience></saml:AudienceRestriction></saml:Conditions>`+
		`<saml:AuthnStatement AuthnInstant="%s"%s><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>%s</saml:Assertion>`,
		escape(r.ID), stamp(r.IssuedAt), escape(r.Issuer), escape(r.SubjectFormat), escape(r.Subject),
		stamp(r.NotOnOrAfter), escape(r.Recipient), answers, stamp(r.IssuedAt), stamp(r.NotOnOrAfter), escape(r.Audience),
		stamp(r.IssuedAt), session, statement))
}

// sign adds an enveloped signature where the schema has it: after the issuer.
func (p *Provider) sign(e *etree.Element) {
	ctx, err := dsig.NewSigningContext(p.Key, [][]byte{p.Certificate.Raw})
	must(err)
	ctx.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	must(ctx.SetSignatureMethod(dsig.RSASHA256SignatureMethod))
	sig, err := ctx.ConstructSignature(e, true)
	must(err)
	e.InsertChildAt(1, sig)
}

// Encrypt seals an assertion for key: AES-256-GCM, or AES-128-CBC, with the
// content key wrapped by RSA-OAEP.
func Encrypt(assertion *etree.Element, key *rsa.PublicKey, cbc bool) *etree.Element {
	plain := document(assertion)
	size, method := 32, "http://www.w3.org/2009/xmlenc11#aes256-gcm"
	if cbc {
		size, method = 16, "http://www.w3.org/2001/04/xmlenc#aes128-cbc"
	}
	secret, iv := random(size), random(12)
	block, err := aes.NewCipher(secret)
	must(err)
	var text []byte
	if cbc {
		iv = random(16)
		n := 16 - len(plain)%16
		plain = append(plain, bytes.Repeat([]byte{byte(n)}, n)...)
		text = make([]byte, len(plain))
		cipher.NewCBCEncrypter(block, iv).CryptBlocks(text, plain)
	} else {
		g, err := cipher.NewGCM(block)
		must(err)
		text = g.Seal(nil, iv, plain, nil)
	}
	wrapped, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, key, secret, nil)
	must(err)
	return element(fmt.Sprintf(`<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">`+
		`<xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" Type="http://www.w3.org/2001/04/xmlenc#Element"><xenc:EncryptionMethod Algorithm="%s"/>`+
		`<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"/>`+
		`<xenc:CipherData><xenc:CipherValue>%s</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo>`+
		`<xenc:CipherData><xenc:CipherValue>%s</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></saml:EncryptedAssertion>`,
		method, base64.StdEncoding.EncodeToString(wrapped), base64.StdEncoding.EncodeToString(append(iv, text...))))
}

func element(s string) *etree.Element {
	d := etree.NewDocument()
	must(d.ReadFromString(s))
	return d.Root()
}

func document(e *etree.Element) []byte {
	d := etree.NewDocument()
	d.SetRoot(e.Copy())
	b, err := d.WriteToBytes()
	must(err)
	return b
}

func escape(s string) string {
	var b strings.Builder
	must(xml.EscapeText(&b, []byte(s)))
	return b.String()
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func newID() string { return "_" + hex.EncodeToString(random(16)) }

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

// must stops a test whose own tools are broken.
func must(err error) {
	if err != nil {
		panic("samltest: " + err.Error())
	}
}
