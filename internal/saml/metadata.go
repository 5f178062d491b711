package saml

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/xml"
	"strings"
	"time"
	"unicode/utf8"
)

// Bounds of metadata documents (behaviours.md 1.4, 5.10).
const (
	minMetadata     = 1_000
	maxMetadata     = 10_000_000 // characters
	maxCertificates = 10
	minRSABits      = 1024
	maxURI          = 1024 // characters of an entity id or a location (saml-core 8.3.6)
)

// descriptor is the part of an md:EntityDescriptor that we read.
type descriptor struct {
	XMLName    xml.Name `xml:"urn:oasis:names:tc:SAML:2.0:metadata EntityDescriptor"`
	EntityID   string   `xml:"entityID,attr"`
	ValidUntil string   `xml:"validUntil,attr"`
	IDPs       []struct {
		ValidUntil string `xml:"validUntil,attr"`
		Keys       []struct {
			Use          string   `xml:"use,attr"`
			Certificates []string `xml:"http://www.w3.org/2000/09/xmldsig# KeyInfo>X509Data>X509Certificate"`
		} `xml:"urn:oasis:names:tc:SAML:2.0:metadata KeyDescriptor"`
		NameIDFormats []string `xml:"urn:oasis:names:tc:SAML:2.0:metadata NameIDFormat"`
		SingleSignOn  []struct {
			Binding  string `xml:"Binding,attr"`
			Location string `xml:"Location,attr"`
		} `xml:"urn:oasis:names:tc:SAML:2.0:metadata SingleSignOnService"`
	} `xml:"urn:oasis:names:tc:SAML:2.0:metadata IDPSSODescriptor"`
}

// ParseMetadata reads the metadata document of one identity provider, as
// CreateSAMLProvider takes it: 1,000 to 10,000,000 characters of UTF-8 without
// a byte order mark, an entity id, and 1 to 10 signing certificates. Whatever
// is wrong with it, the error says "Could not parse metadata." and its cause
// says what (behaviours.md 4.3, 5.10). Certificates that are not RSA are left
// out: nothing in SAML as AWS takes it is signed with them.
func ParseMetadata(document string) (Metadata, error) {
	bad := func(cause string) (Metadata, error) {
		return Metadata{}, &Error{CodeInvalidInput, "Could not parse metadata.", cause}
	}
	// Bytes first: counting ten million characters is not free.
	if len(document) < minMetadata || len(document) > utf8.UTFMax*maxMetadata {
		return bad("length")
	}
	if n := utf8.RuneCountInString(document); n < minMetadata || n > maxMetadata {
		return bad("length")
	}
	if strings.HasPrefix(document, "\ufeff") {
		return bad("byte order mark")
	}
	raw := []byte(document)
	if err := scan(raw, metadataLimits); err != nil {
		return bad(err.Error())
	}
	var d descriptor
	if err := xml.NewDecoder(bytes.NewReader(raw)).Decode(&d); err != nil {
		return bad("not an EntityDescriptor")
	}
	if d.EntityID == "" || len(d.EntityID) > maxURI {
		return bad("entityID")
	}
	if len(d.IDPs) != 1 {
		return bad("not exactly one IDPSSODescriptor")
	}
	idp := d.IDPs[0]
	md := Metadata{EntityID: d.EntityID}
	for _, s := range []string{d.ValidUntil, idp.ValidUntil} {
		if s == "" {
			continue
		}
		t, err := instant(s)
		if err != nil {
			return bad("validUntil")
		}
		md.ValidUntil = earlier(md.ValidUntil, t)
	}
	for _, k := range idp.Keys {
		if k.Use != "" && k.Use != "signing" {
			continue
		}
		for _, text := range k.Certificates {
			cert, err := certificate(text)
			if err != nil {
				return bad("certificate")
			}
			key, ok := cert.PublicKey.(*rsa.PublicKey)
			if !ok {
				continue
			}
			if key.N.BitLen() < minRSABits {
				return bad("key size")
			}
			if md.Certificates = append(md.Certificates, cert); len(md.Certificates) > maxCertificates {
				return bad("too many certificates")
			}
		}
	}
	if len(md.Certificates) == 0 {
		return bad("no signing certificate")
	}
	for _, e := range idp.SingleSignOn {
		if e.Binding == "" || e.Location == "" || len(e.Binding) > maxURI || len(e.Location) > maxURI {
			return bad("SingleSignOnService")
		}
		md.SingleSignOn = append(md.SingleSignOn, Endpoint{e.Binding, e.Location})
	}
	for _, f := range idp.NameIDFormats {
		md.NameIDFormats = append(md.NameIDFormats, strings.TrimSpace(f))
	}
	return md, nil
}

// certificate decodes the text of a ds:X509Certificate, which may be broken
// into lines. A certificate with an extension twice does not parse.
func certificate(text string) (*x509.Certificate, error) {
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// instant reads an xs:dateTime, which in SAML has a zone (saml-core 1.3.3).
func instant(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(s))
	return t.UTC(), err
}

// earlier returns the earlier of two times, of which zero stands for never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
