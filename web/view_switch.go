package web

// Names of the switch role form's fields: those of AWS's address
// (behaviours.md 8.4).
const (
	FieldAccount     = "account"      // alias or 12-digit id; also of IAM users' sign-in
	FieldRole        = "roleName"     // [path/]name
	FieldDisplayName = "displayName"  // shown in the navigation bar; optional
	FieldColor       = "color"        // six hexadecimal digits or ""
	FieldRedirectURI = "redirect_uri" // hidden; where to go afterwards
)

// SwitchError is what was wrong with the switch role form: the message's key.
type SwitchError string

// The faults, none of which depends on what exists.
const (
	SwitchAccountRequired    SwitchError = "switch.error.account.required"
	SwitchAccountInvalid     SwitchError = "switch.error.account.invalid"
	SwitchRoleRequired       SwitchError = "switch.error.role.required"
	SwitchRoleInvalid        SwitchError = "switch.error.role.invalid"
	SwitchDisplayNameInvalid SwitchError = "switch.error.display-name.invalid"
	SwitchColorInvalid       SwitchError = "switch.error.color.invalid"
)

var switchFields = map[SwitchError]string{
	SwitchAccountRequired: FieldAccount, SwitchAccountInvalid: FieldAccount, SwitchRoleRequired: FieldRole, SwitchRoleInvalid: FieldRole,
	SwitchDisplayNameInvalid: FieldDisplayName, SwitchColorInvalid: FieldColor,
}

// PastRole is a role that this browser switched to before.
type PastRole struct {
	Account, Role, DisplayName, Color string
}

// Name is what the role is called where it has no display name.
func (p PastRole) Name() string { return p.Role + " @ " + p.Account }

// SwitchRole asks for the role that the console is to act as (behaviours.md 8.4).
type SwitchRole struct {
	Frame
	Action                            string // posts flow and the fields above
	Who                               string // ARN of who signed in, and whom the role has to trust
	RootUser                          bool   // who cannot switch: there is no form
	Account, Role, DisplayName, Color string // as typed or as the address says
	Colors                            []string
	RedirectURI                       string
	History                           []PastRole
	CancelURL                         string
	HelpURL                           string
	Errors                            []SwitchError
	Denied                            string // in the words of STS
}

func (SwitchRole) template() string { return "switch-role" }

func (p SwitchRole) faults() []fault {
	var faults []fault
	for _, e := range p.Errors {
		faults = append(faults, fault{field: switchFields[e], key: string(e)})
	}
	return faults
}

// colorKeys are the names of the colours that AWS's console offers.
var colorKeys = map[string]string{
	"": "switch.color.none", "F2B0A9": "switch.color.red", "FBBF93": "switch.color.orange",
	"FAD791": "switch.color.yellow", "B7CA9D": "switch.color.green", "99BCE3": "switch.color.blue",
}

// ColorName is a colour's name in words, or its digits.
func (r *rendering) ColorName(hex string) (string, error) {
	if key, ok := colorKeys[hex]; ok {
		return r.T(key)
	}
	return clean(hex, maxLine, false), nil
}
