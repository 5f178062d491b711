package saml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/beevik/etree"
)

// Namespaces.
const (
	nsProtocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsAssertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	nsSignature = "http://www.w3.org/2000/09/xmldsig#"
	nsXMLEnc    = "http://www.w3.org/2001/04/xmlenc#"
	nsXMLEnc11  = "http://www.w3.org/2009/xmlenc11#"
	nsXML       = "http://www.w3.org/XML/1998/namespace"
)

// limits bound a document before a tree is made of it.
type limits struct {
	depth, elements, attributes int
	comments                    bool // may it have comments and processing instructions
}

var (
	responseLimits = limits{depth: 32, elements: 5_000, attributes: 64}
	metadataLimits = limits{depth: 64, elements: 200_000, attributes: 256, comments: true}
)

// scan refuses documents that readers of XML understand differently: anything
// that is not UTF-8, has a document type (and with it entities), trailing
// content, an attribute twice, or a name with more than one colon; and, where
// signatures are read, comments, which cut a text in two for some readers.
func scan(raw []byte, l limits) error {
	if !utf8.Valid(raw) {
		return errors.New("not UTF-8")
	}
	d := xml.NewDecoder(bytes.NewReader(raw))
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errors.New("not UTF-8") }
	depth, elements := 0, 0
	for {
		at := d.InputOffset()
		// Token, not RawToken: it checks that tags are closed in order.
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return errors.New("not well-formed")
		}
		switch t := tok.(type) {
		case xml.Directive:
			return errors.New("document type")
		case xml.Comment:
			if !l.comments {
				return errors.New("comment")
			}
		case xml.ProcInst:
			if (t.Target != "xml" || at != 0) && !l.comments {
				return errors.New("processing instruction")
			}
		case xml.StartElement:
			if depth == 0 && elements > 0 {
				return errors.New("more than one root")
			}
			depth, elements = depth+1, elements+1
			if depth > l.depth || elements > l.elements || len(t.Attr) > l.attributes {
				return errors.New("too large")
			}
			if err := names(t); err != nil {
				return err
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			if depth == 0 && len(bytes.TrimSpace(t)) > 0 {
				return errors.New("text outside of the root")
			}
		}
	}
	if elements == 0 {
		return errors.New("empty")
	}
	return nil
}

// names checks a tag's name and those of its attributes.
func names(t xml.StartElement) error {
	if strings.Contains(t.Name.Local, ":") || t.Name.Local == "" {
		return errors.New("name")
	}
	seen := make(map[xml.Name]bool, len(t.Attr))
	for _, a := range t.Attr {
		if strings.Contains(a.Name.Local, ":") || a.Name.Local == "" {
			return errors.New("attribute name")
		}
		if seen[a.Name] {
			return errors.New("attribute twice")
		}
		seen[a.Name] = true
		if a.Name.Space == "xmlns" && (a.Value == "" || a.Name.Local == "xmlns" || a.Name.Local == "xml") {
			return errors.New("namespace declaration")
		}
	}
	return nil
}

// tree makes a tree of a document that scan let pass, and checks that every
// prefix is declared and every id unique.
func tree(raw []byte) (*etree.Element, error) {
	if err := scan(raw, responseLimits); err != nil {
		return nil, err
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(raw); err != nil || doc.Root() == nil {
		return nil, errors.New("not well-formed")
	}
	ids := map[string]bool{}
	var check func(e *etree.Element) error
	check = func(e *etree.Element) error {
		if e.Space != "" && e.NamespaceURI() == "" {
			return errors.New("undeclared prefix")
		}
		for i := range e.Attr {
			a := &e.Attr[i]
			if a.Space != "" && a.Space != "xmlns" && a.Space != "xml" && a.NamespaceURI() == "" {
				return errors.New("undeclared prefix")
			}
			if !strings.EqualFold(a.Key, "id") {
				continue
			}
			// Libraries disagree on what p:ID and xml:id are.
			if a.Space != "" {
				return errors.New("prefixed id")
			}
			if a.Value == "" || ids[a.Value] {
				return errors.New("duplicate id")
			}
			ids[a.Value] = true
		}
		for _, c := range e.ChildElements() {
			if err := check(c); err != nil {
				return err
			}
		}
		return nil
	}
	if err := check(doc.Root()); err != nil {
		return nil, err
	}
	return doc.Root(), nil
}

// is reports whether e is the element local of namespace ns.
func is(e *etree.Element, ns, local string) bool {
	return e != nil && e.Tag == local && e.NamespaceURI() == ns
}

// children returns the direct children of e that are ns:local.
func children(e *etree.Element, ns, local string) []*etree.Element {
	var out []*etree.Element
	for _, c := range e.ChildElements() {
		if is(c, ns, local) {
			out = append(out, c)
		}
	}
	return out
}

// one returns the only child ns:local of e.
func one(e *etree.Element, ns, local string) (*etree.Element, error) {
	c := children(e, ns, local)
	if len(c) != 1 {
		return nil, fmt.Errorf("%d of %s", len(c), local)
	}
	return c[0], nil
}

// attr returns e's attribute without a prefix called key, or "".
func attr(e *etree.Element, key string) string {
	for _, a := range e.Attr {
		if a.Space == "" && a.Key == key {
			return a.Value
		}
	}
	return ""
}

// text returns the whole text of e, without the white space around it. An
// element inside makes it an error: then there is no one text.
func text(e *etree.Element) (string, error) {
	var b strings.Builder
	for _, c := range e.Child {
		t, ok := c.(*etree.CharData)
		if !ok {
			return "", fmt.Errorf("markup in %s", e.Tag)
		}
		b.WriteString(t.Data)
	}
	return strings.TrimSpace(b.String()), nil
}
