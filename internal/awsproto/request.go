package awsproto

import (
	"net/http"
	"net/url"
)

// Limits on what one request may hold, whatever its size in bytes (which the reader of the body bounds).
const (
	MaxDepth      = 64     // nesting of JSON values and of dotted Query parameters
	MaxParameters = 20_000 // Query parameters
	MaxElements   = 20_000 // list and map elements of a JSON body, all lists together
	maxListIndex  = 1_000_000
)

// Request is what the codecs need to know of an HTTP request.
type Request struct {
	Method   string
	RawQuery string      // without the question mark
	Header   http.Header // keys in Go's canonical form
	Body     []byte      // the whole body; strings decoded from it are copies
	Labels   Labels      // rest-json: path variables from [API.Match]

	form  *Form
	query url.Values
}

// Form returns the Query parameters of the request: those of the body, then those of the query string. It is parsed once.
// The error is not yet an [Error],
// since no API is known: answer [Malformed].
func (r *Request) Form() (*Form, error) {
	if r.form == nil {
		body := r.Body
		if r.Method != http.MethodPost {
			body = nil
		}
		form, err := parseForm(body, r.RawQuery)
		if err != nil {
			return nil, err
		}
		r.form = form
	}
	return r.form, nil
}

// Query returns the parsed query string; pairs that are not properly percent-encoded are left out.
func (r *Request) Query() url.Values {
	if r.query == nil {
		r.query, _ = url.ParseQuery(r.RawQuery)
	}
	return r.query
}

// Labels are the variables of a rest-json path, percent-decoded.
type Labels []Label

// Label is one variable of a path: {profileId}.
type Label struct{ Name, Value string }

// Get returns the value of a label, "" when it has none.
func (l Labels) Get(name string) string {
	for i := range l {
		if l[i].Name == name {
			return l[i].Value
		}
	}
	return ""
}
