package awsproto

import (
	"net/http"
	"strconv"
	"sync"
)

// Response is an encoded answer. It belongs to a pool: call Release when Body has been written, and touch nothing of it
// afterwards.
type Response struct {
	Status int
	Body   []byte

	contentType []string // shared, never modified
	requestID   string
	errorType   string
	extra       []headerField
}

type headerField struct{ name, value string }

// The header values that never vary are shared by all answers; capacity equals length, so that an append copies.
var (
	typeXML  = []string{"text/xml"}
	typeJSON = []string{"application/json"}
	typeAWS  = []string{"application/x-amz-json-1.1"}
)

// SetHeaders writes the answer's headers: Content-Type, Content-Length, X-Amzn-Requestid, of errors in the JSON protocols
// X-Amzn-Errortype, and what the model binds to headers.
func (r *Response) SetHeaders(h http.Header) {
	if r.contentType != nil {
		h["Content-Type"] = r.contentType
	}
	h["Content-Length"] = []string{strconv.Itoa(len(r.Body))}
	h["X-Amzn-Requestid"] = []string{r.requestID}
	if r.errorType != "" {
		h["X-Amzn-Errortype"] = []string{r.errorType}
	}
	for _, f := range r.extra {
		h.Set(f.name, f.value)
	}
}

// Release gives the answer back to the pool.
func (r *Response) Release() {
	if cap(r.Body) > maxPooled {
		return
	}
	*r = Response{Body: r.Body[:0], extra: r.extra[:0]}
	responses.Put(r)
}

// maxPooled keeps one huge list from pinning its buffer for ever.
const maxPooled = 256 << 10

var responses = sync.Pool{New: func() any { return &Response{Body: make([]byte, 0, 2048)} }}

func newResponse(requestID string) *Response {
	r := responses.Get().(*Response)
	r.requestID = requestID
	return r
}
