package saml

import (
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/russellhaering/goxmldsig/etreeutils"
)

// What a signature may use: exclusive canonicalization, the enveloped-signature
// transform and nothing else (saml-core 5.4), and hashes that stand.
const (
	algExclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
	algEnveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
)

var signatureAlgorithms = map[string]bool{
	"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256": true,
	"http://www.w3.org/2001/04/xmldsig-more#rsa-sha384": true,
	"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512": true,
}

var digestAlgorithms = map[string]bool{
	"http://www.w3.org/2001/04/xmlenc#sha256":       true,
	"http://www.w3.org/2001/04/xmldsig-more#sha384": true,
	"http://www.w3.org/2001/04/xmlenc#sha512":       true,
}

// signed returns what the signature of e covers, if e has a signature and one
// of certs made it: a new tree, read from the very bytes that were digested,
// in which the signature itself is gone. It is nil if e has no signature.
func signed(e *etree.Element, certs []*x509.Certificate) (*etree.Element, error) {
	sigs := children(e, nsSignature, "Signature")
	if len(sigs) == 0 {
		return nil, nil
	}
	if len(sigs) > 1 {
		return nil, errors.New("more than one signature")
	}
	if err := signatureForm(sigs[0], attr(e, "ID")); err != nil {
		return nil, fmt.Errorf("signature: %w", err)
	}
	ctx, err := etreeutils.NSBuildParentContext(e)
	if err != nil {
		return nil, err
	}
	detached, err := etreeutils.NSDetatch(ctx, e)
	if err != nil {
		return nil, err
	}
	// The response's word on who signed it is worth nothing: every key of the
	// metadata is tried instead.
	sig, err := one(detached, nsSignature, "Signature")
	if err != nil {
		return nil, err
	}
	for _, info := range children(sig, nsSignature, "KeyInfo") {
		sig.RemoveChild(info)
	}
	for _, cert := range certs {
		if key, ok := cert.PublicKey.(*rsa.PublicKey); !ok || key.N.BitLen() < minRSABits {
			continue
		}
		v := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{cert}})
		// A clock inside the certificate's dates, at which AWS does not look.
		v.Clock = dsig.NewFakeClockAt(cert.NotBefore)
		got, err := v.Validate(detached)
		if err != nil {
			continue
		}
		if got == nil || got.Tag != e.Tag || got.NamespaceURI() != e.NamespaceURI() || attr(got, "ID") != attr(e, "ID") {
			return nil, errors.New("signature covers another element")
		}
		return got, nil
	}
	return nil, errors.New("no key of the metadata made the signature")
}

// signatureForm refuses every signature that is not the plainest there is: one
// reference, to the element with that id, through the two transforms.
func signatureForm(sig *etree.Element, id string) error {
	if id == "" {
		return errors.New("the signed element has no id")
	}
	parts := sig.ChildElements()
	if len(parts) < 2 || len(parts) > 3 || !is(parts[0], nsSignature, "SignedInfo") || !is(parts[1], nsSignature, "SignatureValue") ||
		len(parts) == 3 && !is(parts[2], nsSignature, "KeyInfo") {
		return errors.New("unexpected children")
	}
	info := parts[0].ChildElements()
	if len(info) != 3 || !is(info[0], nsSignature, "CanonicalizationMethod") ||
		!is(info[1], nsSignature, "SignatureMethod") || !is(info[2], nsSignature, "Reference") {
		return errors.New("not exactly one reference")
	}
	if attr(info[0], "Algorithm") != algExclusive || len(info[0].ChildElements()) != 0 {
		return errors.New("canonicalization")
	}
	if !signatureAlgorithms[attr(info[1], "Algorithm")] {
		return errors.New("algorithm")
	}
	if attr(info[2], "URI") != "#"+id {
		return errors.New("refers to something else")
	}
	ref := info[2].ChildElements()
	if len(ref) != 3 || !is(ref[0], nsSignature, "Transforms") || !is(ref[1], nsSignature, "DigestMethod") || !is(ref[2], nsSignature, "DigestValue") {
		return errors.New("reference")
	}
	transforms := ref[0].ChildElements()
	if len(transforms) != 2 || !is(transforms[0], nsSignature, "Transform") || !is(transforms[1], nsSignature, "Transform") ||
		attr(transforms[0], "Algorithm") != algEnveloped || attr(transforms[1], "Algorithm") != algExclusive {
		return errors.New("transforms")
	}
	if !digestAlgorithms[attr(ref[1], "Algorithm")] {
		return errors.New("digest algorithm")
	}
	return nil
}
