package gateway

import (
	"errors"
	"io"
	"net/http"
	"sync/atomic"

	"sekisho/internal/awsproto"
)

// MaxBody is the most bytes that a request's body may have. The largest input
// of any operation is a tenth of it.
const MaxBody = 1 << 20

// Bodies are read before anybody has proved anything, and slowly if the client
// likes. Together they may take bodyBudget bytes; small ones, which nearly all
// are, need not ask for a share.
const (
	bodyBudget = 64 << 20
	smallBody  = 16 << 10
)

// bodies counts the bytes that bodies being served may take.
type bodies struct{ taken atomic.Int64 }

// read returns the body, or why it is refused. done gives its share back.
func (b *bodies) read(w http.ResponseWriter, r *http.Request) (body []byte, done func(), refused awsproto.Refusal) {
	if r.ContentLength > MaxBody {
		return nil, func() {}, awsproto.TooLarge
	}
	share := r.ContentLength
	if share < 0 {
		share = MaxBody // nobody knows
	}
	done = func() {}
	if share > smallBody {
		if b.taken.Add(share) > bodyBudget {
			b.taken.Add(-share)
			return nil, done, awsproto.Unavailable
		}
		done = func() { b.taken.Add(-share) }
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err == nil {
		return body, done, 0
	}
	done()
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return nil, func() {}, awsproto.TooLarge
	}
	return nil, func() {}, awsproto.Malformed
}
