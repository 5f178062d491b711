package compat

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"sekisho/test/compat/harness"
)

// raw writes bytes to the server as they are and reads one answer. A request
// that is cut off by the answer is no failure.
func raw(t testing.TB, s *harness.Server, request string) answer {
	t.Helper()
	conn, err := net.DialTimeout("tcp", s.Address, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	go func() { _, _ = io.WriteString(conn, request) }()
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("no answer to %.60q: %v", request, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("answer to %.60q: %v", request, err)
	}
	return answer{res.StatusCode, res.Header, body}
}

// message writes an HTTP/1.1 request; header lines as given, without line ends.
func message(method, target, body string, header ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", method, target)
	host := false
	for _, h := range header {
		host = host || strings.HasPrefix(h, "Host:")
		b.WriteString(h + "\r\n")
	}
	if !host {
		b.WriteString("Host: localhost\r\n")
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\nConnection: close\r\n\r\n%s", len(body), body)
	return b.String()
}

// The forms that errors have on the wire.
const (
	formQuery = "query" // XML with request id
	formJSON  = "json"  // awsJson 1.1: the code in __type and in the header
	formREST  = "rest"  // the code in the header, the message in the body
	formOAuth = "oauth" // rest-json of sso-oidc: error and error_description too
	formBare  = "bare"  // of HTTP itself, before there is a service
)

var (
	requestID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	innards   = regexp.MustCompile(`goroutine|\.go:\d|internal/|runtime error|SQL|sqlite|cbor|panic|unmarshal|strconv|invalid character`)
)

// checkForm reads an error in the form that it must have and returns its code.
func checkForm(t testing.TB, a answer, form string) (code string) {
	t.Helper()
	if a.Status >= 500 {
		t.Errorf("status %d\n%s", a.Status, a.Body)
	}
	if m := innards.Find(a.Body); m != nil {
		t.Errorf("the answer tells of the program's insides (%s):\n%s", m, a.Body)
	}
	if form == formBare {
		return ""
	}
	if id := a.Header.Get("x-amzn-RequestId"); !requestID.MatchString(id) {
		t.Errorf("the request id is %q", id)
	}
	if form == formQuery {
		code, _ = refusal(t, a)
		return code
	}
	var m map[string]any
	if err := json.Unmarshal(a.Body, &m); err != nil {
		t.Errorf("status %d, %v in %.200q", a.Status, err, a.Body)
		return ""
	}
	code = a.Header.Get("x-amzn-ErrorType")
	wantType := "application/json"
	if form == formJSON {
		wantType = "application/x-amz-json-1.1"
	}
	if ct := a.Header.Get("Content-Type"); ct != wantType {
		t.Errorf("%s has the content type %q, want %s", code, ct, wantType)
	}
	if form == formJSON && m["__type"] != code {
		t.Errorf("__type is %v, the header says %q", m["__type"], code)
	}
	text, _ := m["message"].(string)
	if form == formJSON && text == "" {
		text, _ = m["Message"].(string) // organizations and others spell it so
	}
	if text == "" {
		t.Errorf("%s has no message: %s", code, a.Body)
	}
	if form == formOAuth {
		name, _ := m["error"].(string)
		if want := snake(strings.TrimSuffix(code, "Exception")); name != want || m["error_description"] == "" || m["error_description"] == nil {
			t.Errorf("%s has error %q and error_description %v", code, name, m["error_description"])
		}
	}
	return code
}

var upper = regexp.MustCompile(`([a-z])([A-Z])`)

func snake(s string) string { return strings.ToLower(upper.ReplaceAllString(s, "${1}_$2")) }

type hostile struct {
	request string
	status  int
	code    string
	form    string
}

func (h hostile) check(t *testing.T, s *harness.Server, name string) {
	t.Run(name, func(t *testing.T) {
		a := raw(t, s, h.request)
		if a.Status != h.status {
			t.Errorf("status %d, want %d\n%.300s", a.Status, h.status, a.Body)
		}
		if code := checkForm(t, a, h.form); code != h.code {
			t.Errorf("code %q, want %q\n%.300s", code, h.code, a.Body)
		}
	})
}

const (
	formType = "Content-Type: application/x-www-form-urlencoded"
	jsonType = "Content-Type: application/json"
	amzJSON  = "Content-Type: application/x-amz-json-1.1"
	scope    = "AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/sts/aws4_request"
	someSig  = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
)

// TestHostileQuery: whatever comes to a Query service is answered in XML with
// AWS's code (behaviours.md 2.3, 2.5; api-surface.md 0.11, section 4).
func TestHostileQuery(t *testing.T) {
	t.Parallel()
	s := start(t)
	big := strings.Repeat("x", 10<<20)
	for name, h := range map[string]hostile{
		"no credentials":           {message("POST", "/", whoAmI, formType), 403, "MissingAuthenticationToken", formQuery},
		"no credentials, GET":      {message("GET", "/?"+whoAmI, ""), 403, "MissingAuthenticationToken", formQuery},
		"basic authentication":     {message("POST", "/", whoAmI, formType, "Authorization: Basic YTpi"), 403, "MissingAuthenticationToken", formQuery},
		"empty Authorization":      {message("POST", "/", whoAmI, formType, "Authorization:"), 403, "MissingAuthenticationToken", formQuery},
		"algorithm alone":          {message("POST", "/", whoAmI, formType, "Authorization: AWS4-HMAC-SHA256"), 400, "IncompleteSignature", formQuery},
		"garbage":                  {message("POST", "/", whoAmI, formType, "Authorization: AWS4-HMAC-SHA256 ,,,=;/"), 400, "IncompleteSignature", formQuery},
		"no signature":             {message("POST", "/", whoAmI, formType, "X-Amz-Date: 20260101T000000Z", "Authorization: AWS4-HMAC-SHA256 Credential="+scope+", SignedHeaders=host;x-amz-date"), 400, "IncompleteSignature", formQuery},
		"short scope":              {message("POST", "/", whoAmI, formType, "X-Amz-Date: 20260101T000000Z", "Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/x, SignedHeaders=host;x-amz-date, Signature="+someSig), 400, "IncompleteSignature", formQuery},
		"no date":                  {message("POST", "/", whoAmI, formType, "Authorization: AWS4-HMAC-SHA256 Credential="+scope+", SignedHeaders=host, Signature="+someSig), 400, "IncompleteSignature", formQuery},
		"date of nowhere":          {message("POST", "/", whoAmI, formType, "X-Amz-Date: yesterday", "Authorization: AWS4-HMAC-SHA256 Credential="+scope+", SignedHeaders=host;x-amz-date, Signature="+someSig), 400, "IncompleteSignature", formQuery},
		"signature version 2":      {message("GET", "/?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&SignatureVersion=2&SignatureMethod=HmacSHA256&Signature=x&"+whoAmI, ""), 403, "MissingAuthenticationToken", formQuery},
		"unknown action":           {message("POST", "/", "Action=Nope&Version=2011-06-15", formType), 400, "InvalidAction", formQuery},
		"another service's action": {message("POST", "/", "Action=ListUsers&Version=2011-06-15", formType), 400, "InvalidAction", formQuery},
		"action in another case":   {message("POST", "/", "Action=getcalleridentity&Version=2011-06-15", formType), 400, "InvalidAction", formQuery},
		"long action":              {message("POST", "/", "Action="+strings.Repeat("A", 100_000)+"&Version=2011-06-15", formType), 400, "InvalidAction", formQuery},
		"action with markup":       {message("POST", "/", "Action=%3Cscript%3E%26%22&Version=2011-06-15", formType), 400, "InvalidAction", formQuery},
		"action of bad UTF-8":      {message("POST", "/", "Action=%FF&Version=2011-06-15", formType), 400, "MalformedInput", formQuery},
		"unknown version":          {message("POST", "/", "Action=GetCallerIdentity&Version=1999-01-01", formType), 400, "InvalidAction", formQuery},
		"no version":               {message("POST", "/", "Action=GetCallerIdentity", formType), 400, "InvalidAction", formQuery},
		"no action":                {message("POST", "/", "Version=2011-06-15", formType), 400, "MissingAction", formQuery},
		"empty body":               {message("POST", "/", "", formType), 400, "MissingAction", formQuery},
		"bad percent encoding":     {message("POST", "/", "Action=%zz&Version=2011-06-15", formType), 400, "MalformedInput", formQuery},
		"cut percent encoding":     {message("POST", "/", whoAmI+"&a=%4", formType), 400, "MalformedInput", formQuery},
		"bad encoding in the URL":  {message("GET", "/?Action=%zz&Version=2011-06-15", ""), 400, "MalformedInput", formQuery},
		"10 MB":                    {message("POST", "/", "Action=GetCallerIdentity&Version=2011-06-15&a="+big, formType), 413, "RequestEntityTooLarge", formQuery},
		"10 MB, chunked":           {"POST / HTTP/1.1\r\nHost: localhost\r\n" + formType + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(big), big), 413, "RequestEntityTooLarge", formQuery},
		"100,000 parameters":       {message("POST", "/", whoAmI+strings.Repeat("&a=b", 100_000), formType), 400, "MalformedInput", formQuery},
		"deep names":               {message("POST", "/", whoAmI+"&"+strings.Repeat("a.1.", 50_000)+"=x", formType), 403, "MissingAuthenticationToken", formQuery},
		"PUT":                      {message("PUT", "/", whoAmI, formType), 400, "MissingAction", formQuery},
		"STS by its own name":      {message("POST", "/", whoAmI, formType, "Host: sts.us-east-1.amazonaws.com"), 403, "MissingAuthenticationToken", formQuery},
		"STS under our name":       {message("POST", "/", whoAmI, formType, "Host: sts.eu-west-1.localhost:1"), 403, "MissingAuthenticationToken", formQuery},
		"IAM's host, STS's action": {message("POST", "/", whoAmI, formType, "Host: iam.amazonaws.com"), 400, "InvalidAction", formQuery},
		"STS's host, JSON":         {message("POST", "/", "{}", amzJSON, "Host: sts.amazonaws.com", "X-Amz-Target: AWSOrganizationsV20161128.ListAccounts"), 400, "InvalidAction", formQuery},
	} {
		h.check(t, s, name)
	}
	for _, path := range []string{"/nope", "/a/b?" + whoAmI, "/%2e%2e/x", "/assignment%2Faccounts"} {
		hostile{message("POST", path, whoAmI, formType), 400, "InvalidAction", formQuery}.check(t, s, "path "+path)
		// behaviours.md 2.3: STS itself has a form of its own for it.
		t.Run("STS's path "+path, func(t *testing.T) {
			a := raw(t, s, message("POST", path, whoAmI, formType, "Host: sts.us-east-1.amazonaws.com"))
			if a.Status != 404 || !bytes.Contains(a.Body, []byte("<UnknownOperationException/>")) {
				t.Errorf("%d %s, want 404 <UnknownOperationException/>", a.Status, a.Body)
			}
		})
	}
}

// TestHostileHTTP: what is no HTTP, or for no name of ours, gets no further.
func TestHostileHTTP(t *testing.T) {
	t.Parallel()
	s := start(t)
	for name, h := range map[string]hostile{
		"bad percent encoding in the path": {message("GET", "/%zz", ""), 400, "", formBare},
		"foreign host":                     {message("POST", "/", whoAmI, formType, "Host: evil.example"), 421, "", formBare},
		"host like ours":                   {message("POST", "/", whoAmI, formType, "Host: localhost.evil.example"), 421, "", formBare},
		"unknown name under ours":          {message("POST", "/", whoAmI, formType, "Host: nope.localhost"), 421, "", formBare},
		"nested name under ours":           {message("POST", "/", whoAmI, formType, "Host: a.b.c.awsapps.localhost"), 421, "", formBare},
		"no host":                          {"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400, "", formBare},
		"two hosts":                        {message("GET", "/", "", "Host: localhost", "Host: evil.example"), 400, "", formBare},
		"host with a space":                {message("GET", "/", "", "Host: local host"), 400, "", formBare},
		"two lengths":                      {"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5\r\nConnection: close\r\n\r\nabcde", 400, "", formBare},
		"header of 100 KB":                 {message("POST", "/", whoAmI, formType, "X-Amz-Security-Token: "+strings.Repeat("A", 100_000)), 431, "", formBare},
		"unknown portal":                   {message("GET", "/start", "", "Host: nope.awsapps.localhost"), 404, "", formBare},
	} {
		h.check(t, s, name)
	}
}

// TestHostileJSON: awsJson requests are answered in awsJson, even though no such
// service is built yet (api-surface.md section 3 and 4).
func TestHostileJSON(t *testing.T) {
	t.Parallel()
	s := start(t)
	for name, h := range map[string]hostile{
		"not built":         {message("POST", "/", "{}", amzJSON, "X-Amz-Target: ServiceQuotasV20190624.ListServices"), 400, "UnknownOperationException", formJSON},
		"unknown operation": {message("POST", "/", "{}", amzJSON, "X-Amz-Target: AWSOrganizationsV20161128.Nope"), 400, "UnknownOperationException", formJSON},
		"unknown service":   {message("POST", "/", "{}", amzJSON, "X-Amz-Target: Nope.Nope"), 400, "UnknownOperationException", formJSON},
		"no dot":            {message("POST", "/", "{}", amzJSON, "X-Amz-Target: Nope"), 400, "UnknownOperationException", formJSON},
		"markup":            {message("POST", "/", "{}", amzJSON, `X-Amz-Target: <"&>.\`), 400, "UnknownOperationException", formJSON},
		"broken body":       {message("POST", "/", "{", amzJSON, "X-Amz-Target: ServiceQuotasV20190624.ListServices"), 400, "UnknownOperationException", formJSON},
		"10 MB":             {message("POST", "/", strings.Repeat(" ", 10<<20), amzJSON, "X-Amz-Target: SWBExternalService.ListInstances"), 413, "RequestEntityTooLargeException", formJSON},
	} {
		h.check(t, s, name)
	}
}

// TestHostileREST: the portal and OIDC APIs under malformed and misdirected
// requests (behaviours.md 7.5, 7.6; api-surface.md section 4).
func TestHostileREST(t *testing.T) {
	t.Parallel()
	s := start(t)
	const token = "x-amz-sso_bearer_token: "
	deep := strings.Repeat(`{"a":`, 100_000)
	register := func(body string, header ...string) string {
		return message("POST", "/client/register", body, append([]string{jsonType}, header...)...)
	}
	for name, h := range map[string]hostile{
		"no token":                   {message("GET", "/assignment/accounts", ""), 401, "UnauthorizedException", formREST},
		"empty token":                {message("GET", "/assignment/accounts", "", token), 401, "UnauthorizedException", formREST},
		"unknown token":              {message("GET", "/assignment/accounts", "", token+"x"), 401, "UnauthorizedException", formREST},
		"long token":                 {message("GET", "/assignment/accounts", "", token+strings.Repeat("x", 50_000)), 401, "UnauthorizedException", formREST},
		"token of odd bytes":         {message("GET", "/assignment/accounts", "", token+"\xff\xfe'\";--"), 401, "UnauthorizedException", formREST},
		"Authorization, no token":    {message("GET", "/assignment/accounts", "", "Authorization: Bearer x"), 401, "UnauthorizedException", formREST},
		"no token, logout":           {message("POST", "/logout", ""), 401, "UnauthorizedException", formREST},
		"doubled slash":              {message("GET", "//assignment//accounts", "", token+"x"), 401, "UnauthorizedException", formREST},
		"dot segment":                {message("GET", "/assignment/./accounts", "", token+"x"), 401, "UnauthorizedException", formREST},
		"parent segment":             {message("GET", "/nope/../assignment/accounts", "", token+"x"), 401, "UnauthorizedException", formREST},
		"encoded slash":              {message("GET", "/assignment%2Faccounts", "", "Host: portal.sso.us-east-1.amazonaws.com", token+"x"), 404, "UnknownOperationException", formREST},
		"wrong method":               {message("POST", "/assignment/accounts", "", jsonType, token+"x"), 404, "UnknownOperationException", formREST},
		"DELETE":                     {message("DELETE", "/logout", "", "Host: portal.sso.us-east-1.amazonaws.com"), 404, "UnknownOperationException", formREST},
		"unknown path":               {message("GET", "/nope", "", "Host: portal.sso.us-east-1.amazonaws.com"), 404, "UnknownOperationException", formREST},
		"portal's path, OIDC's host": {message("GET", "/assignment/accounts", "", "Host: oidc.us-east-1.amazonaws.com"), 404, "UnknownOperationException", formREST},
		"CreateTokenWithIAM":         {message("POST", "/token?aws_iam=t", "{}", jsonType), 404, "UnknownOperationException", formREST},
		"10 MB":                      {register(strings.Repeat(" ", 10<<20)), 413, "RequestEntityTooLargeException", formREST},

		"empty body":           {register(""), 400, "InvalidRequestException", formREST},
		"no members":           {register("{}"), 400, "InvalidRequestException", formREST},
		"null":                 {register("null"), 400, "InvalidRequestException", formREST},
		"array":                {register("[]"), 400, "InvalidRequestException", formREST},
		"string":               {register(`"x"`), 400, "InvalidRequestException", formREST},
		"cut":                  {register(`{"clientName":"x"`), 400, "InvalidRequestException", formREST},
		"trailing":             {register(`{"clientName":"x","clientType":"public"}}`), 400, "InvalidRequestException", formREST},
		"deep":                 {register(deep), 400, "InvalidRequestException", formREST},
		"deep, unknown member": {register(`{"clientName":"x","clientType":"public","a":` + deep + "1" + strings.Repeat("}", 100_001)), 400, "InvalidRequestException", formREST},
		"wrong type":           {register(`{"clientName":5,"clientType":"public"}`), 400, "InvalidRequestException", formREST},
		"list for a string":    {register(`{"clientName":["x"],"clientType":"public"}`), 400, "InvalidRequestException", formREST},
		"string for a list":    {register(`{"clientName":"x","clientType":"public","scopes":"sso:account:access"}`), 400, "InvalidRequestException", formREST},
		"bad UTF-8":            {register("{\"clientName\":\"\xff\xfe\",\"clientType\":\"public\"}"), 400, "InvalidRequestException", formREST},
		"lone surrogate":       {register(`{"clientName":"\ud800","clientType":"confidential"}`), 400, "InvalidClientMetadataException", formOAuth},
		"form instead":         {message("POST", "/client/register", "clientName=x&clientType=public", formType, "Host: oidc.us-east-1.amazonaws.com"), 400, "InvalidRequestException", formREST},

		"confidential client":    {register(`{"clientName":"x","clientType":"confidential"}`), 400, "InvalidClientMetadataException", formOAuth},
		"empty name":             {register(`{"clientName":"","clientType":"public"}`), 400, "InvalidClientMetadataException", formOAuth},
		"long name":              {register(`{"clientName":"` + strings.Repeat("x", 10_000) + `","clientType":"public"}`), 400, "InvalidClientMetadataException", formOAuth},
		"unknown scope":          {register(`{"clientName":"x","clientType":"public","scopes":["admin"]}`), 400, "InvalidScopeException", formOAuth},
		"100,000 scopes":         {register(`{"clientName":"x","clientType":"public","scopes":["sso:account:access"` + strings.Repeat(`,"a"`, 100_000) + `]}`), 400, "InvalidRequestException", formREST},
		"unknown grant type":     {register(`{"clientName":"x","clientType":"public","grantTypes":["password"]}`), 400, "UnsupportedGrantTypeException", formOAuth},
		"plain redirect URI":     {register(`{"clientName":"x","clientType":"public","redirectUris":["http://evil.example/"]}`), 400, "InvalidRedirectUriException", formOAuth},
		"script redirect URI":    {register(`{"clientName":"x","clientType":"public","redirectUris":["javascript:alert(1)"]}`), 400, "InvalidRedirectUriException", formOAuth},
		"redirect URI, user":     {register(`{"clientName":"x","clientType":"public","redirectUris":["https://a@evil.example/"]}`), 400, "InvalidRedirectUriException", formOAuth},
		"foreign issuer":         {register(`{"clientName":"x","clientType":"public","issuerUrl":"https://other.awsapps.com/start"}`), 400, "InvalidRequestException", formOAuth},
		"issuer of another kind": {register(`{"clientName":"x","clientType":"public","issuerUrl":"file:///etc/passwd"}`), 400, "InvalidRequestException", formOAuth},
		"application":            {register(`{"clientName":"x","clientType":"public","entitledApplicationArn":"arn:aws:sso::111122223333:application/ssoins-1234567890abcdef/apl-1234567890abcdef"}`), 400, "InvalidRequestException", formOAuth},
	} {
		h.check(t, s, name)
	}
}

// TestHostileCredentials: credentials that somebody has worked on.
func TestHostileCredentials(t *testing.T) {
	t.Parallel()
	s := start(t)
	token := newCurrentCLI(t, s).login(s.Browser(t), jane)
	mine := roleCredentials(t, s, token.Access, production, "ReadOnly")
	other := roleCredentials(t, s, token.Access, production, "AdministratorAccess")
	now := time.Now()
	signed := func(k keys, change func(*http.Request)) *http.Request {
		r := sign(t, query(t, s, http.MethodPost, whoAmI), whoAmI, k, now)
		if change != nil {
			change(r)
		}
		return r
	}
	flip := func(text string, at int) string {
		b := []byte(text)
		if b[at] == 'A' {
			b[at] = 'B'
		} else {
			b[at] = 'A'
		}
		return string(b)
	}
	with := func(token string) keys { return keys{mine.ID, mine.Secret, token} }
	presigned := func(change func(string) string) *http.Request {
		r, err := http.NewRequest(http.MethodGet, change(presign(t, s, mine, now)), nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	body := func(text string) func(*http.Request) {
		return func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
		}
	}
	const invalid, mismatch = "InvalidClientTokenId", "SignatureDoesNotMatch"
	for name, test := range map[string]struct {
		request *http.Request
		code    string
	}{
		"as they are":                {signed(mine, nil), ""},
		"presigned":                  {presigned(func(a string) string { return a }), ""},
		"unknown key":                {signed(keys{"AKIAAAAAAAAAAAAAAAAA", "x", ""}, nil), invalid},
		"unknown temporary key":      {signed(keys{"ASIAAAAAAAAAAAAAAAAA", "x", mine.Token}, nil), invalid},
		"no token":                   {signed(with(""), nil), invalid},
		"another session's token":    {signed(with(other.Token), nil), invalid},
		"token, first byte changed":  {signed(with(flip(mine.Token, 0)), nil), invalid},
		"token, middle byte changed": {signed(with(flip(mine.Token, len(mine.Token)/2)), nil), invalid},
		"token, cut":                 {signed(with(mine.Token[:len(mine.Token)-8]), nil), invalid},
		"token, longer":              {signed(with(mine.Token+"AAAA"), nil), invalid},
		"token, doubled":             {signed(with(mine.Token+mine.Token), nil), invalid},
		"token of 50 KB":             {signed(with(strings.Repeat("A", 50_000)), nil), invalid},
		"token of odd characters":    {signed(with("'; -- <>\"%00"), nil), invalid},
		"access token for a session": {signed(with(token.Access), nil), invalid},
		"wrong secret":               {signed(keys{mine.ID, other.Secret, mine.Token}, nil), mismatch},
		"wrong secret, root":         {signed(keys{rootKeyID, "x", ""}, nil), mismatch},
		"another body":               {signed(mine, body(whoAmI+"&a=b")), mismatch},
		"another host":               {signed(mine, func(r *http.Request) { r.Host = "sts.us-east-1.amazonaws.com" }), mismatch},
		"another content type":       {signed(mine, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }), mismatch},
		"another date": {signed(mine, func(r *http.Request) {
			r.Header.Set("X-Amz-Date", now.Add(time.Second).UTC().Format("20060102T150405Z"))
		}), mismatch},
		"added query":                {signed(mine, func(r *http.Request) { r.URL.RawQuery = "a=b" }), mismatch},
		"header and address at once": {signed(mine, func(r *http.Request) { r.URL.RawQuery = strings.SplitN(presign(t, s, mine, now), "?", 2)[1] }), mismatch},
		"presigned, added parameter": {presigned(func(a string) string { return a + "&a=b" }), mismatch},
		"presigned, another token": {presigned(func(a string) string {
			return regexp.MustCompile(`X-Amz-Security-Token=[^&]*`).ReplaceAllString(a, "X-Amz-Security-Token=AAAA")
		}), invalid},
		"presigned, no token": {presigned(func(a string) string {
			return regexp.MustCompile(`&X-Amz-Security-Token=[^&]*`).ReplaceAllString(a, "")
		}), invalid},
		"presigned, another signature": {presigned(func(a string) string {
			return regexp.MustCompile(`X-Amz-Signature=[^&]*`).ReplaceAllString(a, "X-Amz-Signature="+someSig)
		}), mismatch},
		"presigned, POST instead": {func() *http.Request {
			r := presigned(func(a string) string { return a })
			r.Method = http.MethodPost
			return r
		}(), mismatch},
		"repeated action, the first counts": {func() *http.Request {
			text := whoAmI + "&Action=Nope"
			return sign(t, query(t, s, http.MethodPost, text), text, mine, now)
		}(), ""},
		"unknown parameters are ignored": {func() *http.Request {
			text := whoAmI + "&Nope.member.1=x&%E3%81%82=y"
			return sign(t, query(t, s, http.MethodPost, text), text, mine, now)
		}(), ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := send(t, test.request)
			if code := checkForm(t, a, formQuery); code != test.code {
				t.Errorf("%d %q, want %q\n%.300s", a.Status, code, test.code, a.Body)
			}
			if a.Status == http.StatusOK {
				caller(t, a)
			}
		})
	}
	for name, test := range map[string]struct{ service, region, message string }{
		"wrong service": {"iam", region, "Credential should be scoped to correct service: 'sts'. "},
	} {
		r := query(t, s, http.MethodPost, whoAmI)
		signFor(t, r, whoAmI, mine, now, test.service, test.region)
		if code, message := refusal(t, send(t, r)); code != mismatch || message != test.message {
			t.Errorf("%s: %q %q, want %q %q", name, code, message, mismatch, test.message)
		}
	}
}

// TestHostileDeviceGrant: what a device gets whose code something is wrong with
// (RFC 8628 3.5, behaviours.md 7.2, 7.5).
func TestHostileDeviceGrant(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.Browser(t)
	type device struct{ id, secret, code, userCode string }
	begin := func() device {
		_, c := post(t, s, "/client/register", `{"clientName":"device","clientType":"public","scopes":["sso:account:access"]}`)
		id, key := c["clientId"].(string), s.Secret("a client secret", c["clientSecret"].(string))
		_, d := post(t, s, "/device_authorization", `{"clientId":"`+id+`","clientSecret":"`+key+`","startUrl":"`+startURL+`"}`)
		return device{id, key, s.Secret("a device code", d["deviceCode"].(string)), d["userCode"].(string)}
	}
	approve := func(d device, decision string) device {
		b.Walk(strings.Replace(s.Base, "://", "://device.sso.", 1)+"/?user_code="+d.userCode, jane, decision)
		return d
	}
	poll := func(d device) (int, string) {
		a, m := post(t, s, "/token", `{"grantType":"urn:ietf:params:oauth:grant-type:device_code","clientId":"`+d.id+`","clientSecret":"`+d.secret+`","deviceCode":"`+d.code+`"}`)
		if a.Status == http.StatusOK {
			s.Secret("an access token", m["accessToken"].(string))
			return a.Status, ""
		}
		return a.Status, checkForm(t, a, formOAuth)
	}
	expect := func(what string, d device, status int, code string) {
		t.Helper()
		if gotStatus, got := poll(d); gotStatus != status || got != code {
			t.Errorf("%s: %d %s, want %d %s", what, gotStatus, got, status, code)
		}
	}

	pending := begin()
	expect("pending", pending, 400, "AuthorizationPendingException")
	stranger := begin()
	expect("another client", device{stranger.id, stranger.secret, pending.code, ""}, 400, "InvalidGrantException")
	expect("wrong secret", device{pending.id, stranger.secret, pending.code, ""}, 401, "InvalidClientException")
	expect("unknown client", device{"x", "x", pending.code, ""}, 401, "InvalidClientException")
	expect("denied", approve(begin(), "deny"), 400, "AccessDeniedException")

	allowed := approve(begin(), "allow")
	expect("another client, approved", device{stranger.id, stranger.secret, allowed.code, ""}, 400, "InvalidGrantException")
	expect("approved", allowed, 200, "")
	expect("approved, again", allowed, 400, "InvalidGrantException")

	eager := begin()
	var code string
	for range 10 {
		_, code = poll(eager)
	}
	if code != "SlowDownException" {
		t.Errorf("ten polls at once end with %s, want SlowDownException", code)
	}
	s.Advance(t, 5*time.Second)
	expect("polls again after it waited", eager, 400, "AuthorizationPendingException")

	late := approve(begin(), "allow")
	s.Advance(t, 11*time.Minute)
	expect("expired", pending, 400, "ExpiredTokenException")
	expect("expired though approved", late, 400, "ExpiredTokenException")
	s.Advance(t, 90*24*time.Hour)
	expect("registration expired", pending, 401, "InvalidClientException")
}

// TestMalformedEverything puts values that nobody expects into every input of
// every operation: none leads to a failure of the program's own.
func TestMalformedEverything(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := newCurrentCLI(t, s)
	token := c.login(s.Browser(t), jane)
	values := []string{
		"", " ", "\x00", "\xff\xfe", "'\"`;--", "../../etc/passwd", "<script>", "%s%n%d", "${jndi:ldap://x}", "{{.}}", "\u202e\ufeff",
		"-1", "0", "1e999", "9223372036854775808", "true", "null", "[]", "{}", strings.Repeat("A", 5000), strings.Repeat("語", 500),
	}
	get := map[string][]string{
		"/assignment/accounts":                                                     {"next_token", "max_result"},
		"/assignment/roles?account_id=" + production:                               {"account_id", "next_token", "max_result"},
		"/federation/credentials?account_id=" + production + "&role_name=ReadOnly": {"account_id", "role_name"},
		"/authorize?client_id=x":                                                   {"client_id", "redirect_uri", "state", "scopes", "code_challenge", "response_type"},
	}
	for path, names := range get {
		for _, name := range names {
			for _, value := range values {
				r, err := http.NewRequest(http.MethodGet, s.Base+path, nil)
				if err != nil {
					t.Fatal(err)
				}
				q := r.URL.Query()
				q.Set(name, value)
				r.URL.RawQuery = q.Encode()
				r.Header["x-amz-sso_bearer_token"] = []string{token.Access}
				checkOutcome(t, send(t, r), fmt.Sprintf("%s of %s = %.40q", name, path, value), strings.HasPrefix(path, "/authorize"))
			}
		}
	}
	members := map[string][]string{
		"/client/register":      {"clientName", "clientType", "scopes", "redirectUris", "grantTypes", "issuerUrl", "entitledApplicationArn"},
		"/device_authorization": {"clientId", "clientSecret", "startUrl"},
		"/token":                {"clientId", "clientSecret", "grantType", "deviceCode", "code", "refreshToken", "scope", "redirectUri", "codeVerifier"},
	}
	for path, names := range members {
		for _, name := range names {
			inputs := []string{"17", "-1.5", "null", "{}", "[[]]", "true"}
			for _, value := range values {
				quoted, err := json.Marshal(value)
				if err != nil {
					t.Fatal(err)
				}
				inputs = append(inputs, string(quoted), "["+string(quoted)+"]")
			}
			for _, as := range inputs {
				in := map[string]json.RawMessage{
					"clientName": json.RawMessage(`"x"`), "clientType": json.RawMessage(`"public"`), "startUrl": json.RawMessage(`"` + startURL + `"`),
					"clientId": json.RawMessage(`"` + c.clientID + `"`), "clientSecret": json.RawMessage(`"` + c.clientSecret + `"`),
					"grantType": json.RawMessage(`"refresh_token"`), "refreshToken": json.RawMessage(`"x"`),
				}
				in[name] = json.RawMessage(as)
				body, err := json.Marshal(in)
				if err != nil {
					t.Fatal(err)
				}
				r, err := http.NewRequest(http.MethodPost, s.Base+path, bytes.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("Content-Type", "application/json")
				checkOutcome(t, send(t, r), fmt.Sprintf("%s of %s = %.40s", name, path, as), false)
			}
		}
	}
}

// checkOutcome: an answer is a success or an error in the API's form.
func checkOutcome(t *testing.T, a answer, what string, page bool) {
	t.Helper()
	if a.Status == http.StatusOK && !page {
		return
	}
	if a.Status < 400 && !page || a.Status >= 500 {
		t.Errorf("%s: status %d\n%.300s", what, a.Status, a.Body)
	}
	if m := innards.Find(a.Body); m != nil && !page {
		t.Errorf("%s: the answer tells of the program's insides (%s):\n%s", what, m, a.Body)
	}
	if !page && (a.Header.Get("x-amzn-ErrorType") == "" || !json.Valid(a.Body)) {
		t.Errorf("%s: %d without the form of an error: %.200s", what, a.Status, a.Body)
	}
}
