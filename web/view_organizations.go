package web

// OrgVerify asks whether the reader of a mail verifies the address of an
// organization's management account, and confirms it afterwards (F-06, N-26).
type OrgVerify struct {
	Frame
	Action      string // posts flow, which is what the link carried
	Email       string
	AccountID   string
	AccountName string
	Verified    bool   // nothing is left to do
	ConsoleURL  string // the organization in the console
}

func (OrgVerify) template() string { return "org-verify" }
