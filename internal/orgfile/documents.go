package orgfile

import (
	"bytes"
	"encoding/json"
)

// compact is a document without the white space around its parts, which a file does
// not keep.
func compact(document string) string {
	var b bytes.Buffer
	if json.Compact(&b, []byte(document)) != nil {
		return document
	}
	return b.String()
}

// sameDocument reports whether a document that is kept is what a file has, but for
// white space.
func sameDocument(kept, file string) bool { return kept == file || compact(kept) == compact(file) }

// documentOf is a document as a file has it; nil for none.
func documentOf(text string) *Document {
	if text == "" {
		return nil
	}
	return &Document{JSON: compact(text)}
}
