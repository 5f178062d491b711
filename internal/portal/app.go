package portal

import (
	"net/http"
	"net/url"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/directory"
	"sekisho/internal/session"
	"sekisho/internal/surface"
	"sekisho/web"
)

// sessionFacts is what the page tells the app: no secret is in it.
type sessionFacts struct {
	User             userFacts         `json:"user"`
	DirectoryID      string            `json:"directoryId"`
	InstanceARN      string            `json:"instanceArn"`
	Region           string            `json:"region"`
	StartURL         string            `json:"startUrl"`
	AWSStartURL      string            `json:"awsStartUrl"`
	Endpoints        map[string]string `json:"endpoints"`
	SessionExpiresAt time.Time         `json:"sessionExpiresAt"`
	ServerTime       time.Time         `json:"serverTime"`
	Locale           web.Locale        `json:"locale"`
	OrganizationName string            `json:"organizationName"`
	SignOutPath      string            `json:"signOutPath"`
	MFADevicesURL    string            `json:"mfaDevicesUrl"`
	DeviceURL        string            `json:"deviceUrl"` // where codes of devices are typed
	Favourites       favouriteFacts    `json:"favourites"`
}

// pathDevices is where the sign-in host has a person's own MFA devices: what is a
// factor of sign-in is nobody else's to change (G-55).
const pathDevices = "/platform/devices"

type userFacts struct {
	UserName    string `json:"userName"`
	DisplayName string `json:"displayName"`
	Email       string `json:"email"`
}

// showApp answers with the app and who it is for.
func (h *Handler) showApp(w http.ResponseWriter, r *http.Request, p here, s session.Session, u directory.User) error {
	kept, err := h.favourites(r.Context(), u.ID)
	if err != nil {
		return err
	}
	return h.shell.Show(w, sessionFacts{
		User:             userFacts{u.UserName, u.DisplayName, u.Email},
		DirectoryID:      p.DirectoryID,
		InstanceARN:      arn.Instance(p.ID),
		Region:           p.Region,
		StartURL:         h.Site.Map.StartURL(p.name),
		AWSStartURL:      surface.AWSStartURL(p.name),
		Endpoints:        h.Endpoints,
		SessionExpiresAt: s.ExpiresAt.UTC(),
		ServerTime:       h.Site.Clock.Now().UTC(),
		Locale:           h.Site.Locale(r),
		OrganizationName: p.organization,
		SignOutPath:      pathSignOut,
		MFADevicesURL:    h.Site.Map.SignIn() + pathDevices + "?" + url.Values{"portal": {p.name}}.Encode(),
		DeviceURL:        h.Site.Map.Verification(p.name, ""),
		Favourites:       kept,
	})
}
