package gateway_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// STS answers a path that it does not have without code and ids (behaviours.md 2.3).
func TestPathOfAQueryService(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := httptest.NewRequest(http.MethodPost, "http://sts.localhost/sts", strings.NewReader("Action=GetCallerIdentity&Version=2011-06-15"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	rec := httptest.NewRecorder()
	w.gate.ServeHTTP(rec, r, w.addr.Find(r.Host))
	if rec.Code != http.StatusNotFound || rec.Body.String() != "<UnknownOperationException/>\n" {
		t.Errorf("%d %q", rec.Code, rec.Body)
	}
}
