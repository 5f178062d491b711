package support

import (
	"strconv"
	"time"

	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
)

// CheckStatus is how a check, or one resource of it, came out.
type CheckStatus string

// The outcomes: green, yellow and red.
const (
	CheckOK      CheckStatus = "ok"
	CheckWarning CheckStatus = "warning"
	CheckError   CheckStatus = "error"
)

// Times of checks. A result is asked for anew after [CheckFresh], because nobody
// has to ask for it; nobody can ask sooner than checkEvery after the last time.
const (
	CheckFresh = 24 * time.Hour
	checkEvery = 5 * time.Minute

	day           = 24 * time.Hour
	keyOld        = 90 * day
	keyVeryOld    = 2 * 365 * day
	maxCheckItems = 1000 // keys that a result names
)

// Check is one of Trusted Advisor's checks: those whose facts are here.
type Check struct {
	ID          string // AWS's
	Name        Name
	Description Name     // HTML
	Category    string   // "security"
	Columns     []string // what the metadata of a resource are
	run         func(tx iam.SecretStore, account string, now time.Time) (Result, error)
}

// Result is how a check of an account came out.
type Result struct {
	Status    CheckStatus
	At        time.Time
	Processed int // resources that were looked at
	// FlaggedCount is how many of them were flagged, Flagged the first 1,000.
	FlaggedCount int
	Flagged      []Flagged
}

// Flagged is a resource that a check has something to say about.
type Flagged struct {
	ID       string
	Status   CheckStatus
	Metadata []string // one for each of the check's columns
}

// CheckStore keeps the last results that somebody asked for.
type CheckStore interface {
	// CheckResult returns the account's last result of the check, or NotFound.
	CheckResult(account, check string) (Result, error)
	// PutCheckResult creates or replaces it.
	PutCheckResult(account, check string, r Result) error
}

// Checks are the checks that there are.
var Checks = []Check{
	{
		ID: "7DAFEmoDos", Category: "security", run: rootMFA,
		Name: Name{"MFA on Root Account", "ルートアカウントの MFA"},
		Description: Name{
			"Checks the root account and warns if multi-factor authentication (MFA) is not enabled." +
				"<br><br><b>Alert Criteria</b><br>Green: The root user has no password, or MFA is enabled.<br>Red: MFA is not enabled on the root account." +
				"<br><br><b>Recommended Action</b><br>Sign in as the root user and activate an MFA device.",
			"ルートアカウントを確認し、多要素認証 (MFA) が有効になっていない場合に警告します。" +
				"<br><br><b>アラート条件</b><br>緑: ルートユーザーにパスワードがないか、MFA が有効です。<br>赤: ルートアカウントで MFA が有効になっていません。" +
				"<br><br><b>推奨されるアクション</b><br>ルートユーザーとしてサインインし、MFA デバイスを有効にします。",
		},
	},
	{
		ID: "DqdJqYeRm5", Category: "security", run: keyRotation,
		Name:    Name{"IAM Access Key Rotation", "IAM アクセスキーローテーション"},
		Columns: []string{"Status", "IAM User", "Access Key", "Key Last Rotated", "Reason"},
		Description: Name{
			"Checks for active IAM access keys that have not been rotated in the last 90 days." +
				"<br><br><b>Alert Criteria</b><br>Green: The access key is active and has been rotated in the last 90 days." +
				"<br>Yellow: The access key is active and has been rotated in the last 2 years, but more than 90 days ago." +
				"<br>Red: The access key is active and has not been rotated in the last 2 years." +
				"<br><br><b>Recommended Action</b><br>Rotate access keys on a regular basis.",
			"過去 90 日間にローテーションされていないアクティブな IAM アクセスキーを確認します。" +
				"<br><br><b>アラート条件</b><br>緑: アクティブなアクセスキーが過去 90 日以内にローテーションされています。" +
				"<br>黄: アクティブなアクセスキーが過去 2 年以内にローテーションされていますが、90 日を超えています。" +
				"<br>赤: アクティブなアクセスキーが過去 2 年間ローテーションされていません。" +
				"<br><br><b>推奨されるアクション</b><br>アクセスキーを定期的にローテーションします。",
		},
	},
	{
		ID: "zXCkfM1nI3", Category: "security", run: iamUse,
		Name: Name{"IAM Use", "IAM の使用"},
		Description: Name{
			"Checks for your use of IAM. It is intended to discourage the use of root access by checking for the existence of at least one IAM user." +
				"<br><br><b>Alert Criteria</b><br>Yellow: No IAM users have been created for this account." +
				"<br><br><b>Recommended Action</b><br>Create an IAM user, or use IAM Identity Center, to work with limited permissions.",
			"IAM の使用状況を確認します。IAM ユーザーが 1 人以上存在することを確認し、ルートアクセスの使用を抑止します。" +
				"<br><br><b>アラート条件</b><br>黄: このアカウントに IAM ユーザーが作成されていません。" +
				"<br><br><b>推奨されるアクション</b><br>IAM ユーザーを作成するか、IAM Identity Center を使用して、制限された権限で作業します。",
		},
	},
	{
		ID: "Yw2K9puPzl", Category: "security", run: passwordPolicy,
		Name:    Name{"IAM Password Policy", "IAM パスワードポリシー"},
		Columns: []string{"Password Policy", "Uppercase", "Lowercase", "Number", "Non-alphanumeric"},
		Description: Name{
			"Checks the password policy for your account and warns when a password policy is not enabled, or if password content requirements have not been enabled." +
				"<br><br><b>Alert Criteria</b><br>Yellow: A password policy is enabled, but at least one content requirement is not enabled." +
				"<br>Red: No password policy is enabled." +
				"<br><br><b>Recommended Action</b><br>Create and configure a password policy with all content requirements.",
			"アカウントのパスワードポリシーを確認し、ポリシーまたはパスワード内容の要件が有効になっていない場合に警告します。" +
				"<br><br><b>アラート条件</b><br>黄: パスワードポリシーは有効ですが、少なくとも 1 つの内容の要件が有効になっていません。" +
				"<br>赤: パスワードポリシーが有効になっていません。" +
				"<br><br><b>推奨されるアクション</b><br>すべての内容の要件を含むパスワードポリシーを作成します。",
		},
	},
}

// CheckByID is the check of that id; another one is Invalid with the reason "check-id".
func CheckByID(id string) (Check, error) {
	for _, c := range Checks {
		if c.ID == id {
			return c, nil
		}
	}
	return Check{}, invalid("check-id", "The check ID %q is not valid.", id)
}

// Result is the check's last result for the account, unless that is older than a
// day: then, or if there is none, it is what the check finds now.
func (c Check) Result(tx Tx, account string, now time.Time) (Result, error) {
	r, err := tx.CheckResult(account, c.ID)
	if err == nil && now.Before(r.At.Add(CheckFresh)) || err != nil && !fault.Is(err, fault.NotFound) {
		return r, err
	}
	return c.run(tx, account, now)
}

// Refresh runs the check and keeps its result, if the last time is 5 minutes ago.
func (c Check) Refresh(tx Tx, account string, now time.Time) (Refreshed, error) {
	last, err := c.Refreshed(tx, account, now)
	if err != nil || last.Again > 0 {
		return last, err
	}
	r, err := c.run(tx, account, now)
	if err != nil {
		return last, err
	}
	return Refreshed{At: now, Again: checkEvery}, tx.PutCheckResult(account, c.ID, r)
}

// Refreshed says when a check was last asked for; zero is never.
type Refreshed struct {
	At time.Time
	// Again is in how long it can be asked for again.
	Again time.Duration
}

// Refreshed tells when the check was last asked for.
func (c Check) Refreshed(tx Store, account string, now time.Time) (Refreshed, error) {
	r, err := tx.CheckResult(account, c.ID)
	if fault.Is(err, fault.NotFound) {
		return Refreshed{}, nil
	}
	return Refreshed{At: r.At, Again: max(0, r.At.Add(checkEvery).Sub(now))}, err
}

// ofAccount is the result of a check whose one resource is the account.
func ofAccount(account string, s CheckStatus, now time.Time, metadata ...string) Result {
	r := Result{Status: s, At: now, Processed: 1}
	if s != CheckOK {
		r.FlaggedCount = 1
		r.Flagged = []Flagged{{ID: account, Status: s, Metadata: metadata}}
	}
	return r
}

func rootMFA(tx iam.SecretStore, account string, now time.Time) (Result, error) {
	_, err := tx.Password(credential.Owner{Kind: credential.RootUser, ID: account})
	if fault.Is(err, fault.NotFound) {
		return ofAccount(account, CheckOK, now), nil
	}
	if err != nil {
		return Result{}, err
	}
	devices, err := tx.MFADevicesOf(account, "")
	if err == nil && len(devices) == 0 {
		return ofAccount(account, CheckError, now), nil
	}
	return ofAccount(account, CheckOK, now), err
}

func iamUse(tx iam.SecretStore, account string, now time.Time) (Result, error) {
	n, err := tx.IAMCount(account, iam.Users)
	if err == nil && n == 0 {
		return ofAccount(account, CheckWarning, now), nil
	}
	return ofAccount(account, CheckOK, now), err
}

func passwordPolicy(tx iam.SecretStore, account string, now time.Time) (Result, error) {
	p, err := tx.PasswordPolicy(account)
	if fault.Is(err, fault.NotFound) {
		return ofAccount(account, CheckError, now, "Disabled", "Disabled", "Disabled", "Disabled", "Disabled"), nil
	}
	if err != nil {
		return Result{}, err
	}
	status, cells := CheckOK, []string{"Enabled"}
	for _, asked := range []bool{p.Upper, p.Lower, p.Digit, p.Symbol} {
		if asked {
			cells = append(cells, "Enabled")
			continue
		}
		status, cells = CheckWarning, append(cells, "Disabled")
	}
	return ofAccount(account, status, now, cells...), nil
}

// keyRotation looks at the keys of the account's IAM users, by their age: a key is
// rotated by making another.
func keyRotation(tx iam.SecretStore, account string, now time.Time) (Result, error) {
	r := Result{Status: CheckOK, At: now}
	for p := (page.Request{Limit: 1000}); ; {
		users, err := tx.IAMUsers(account, "/", p)
		if err != nil {
			return r, err
		}
		for _, u := range users.Items {
			keys, err := tx.AccessKeysOf(account, u.ID)
			if err != nil {
				return r, err
			}
			for i, k := range keys {
				if k.Active {
					r.addKey(u, k, i+1, now)
				}
			}
		}
		if p.After = users.Next; p.After == "" {
			return r, nil
		}
	}
}

func (r *Result) addKey(u iam.User, k iam.AccessKey, number int, now time.Time) {
	r.Processed++
	status, colour, reason := CheckOK, "Green", ""
	switch age := now.Sub(k.CreatedAt); {
	case age > keyVeryOld:
		status, colour, reason = CheckError, "Red", "Not rotated in the last 2 years"
	case age > keyOld:
		status, colour, reason = CheckWarning, "Yellow", "Not rotated in the last 90 days"
	}
	if status == CheckOK {
		return
	}
	if status == CheckError || r.Status == CheckOK {
		r.Status = status
	}
	if r.FlaggedCount++; len(r.Flagged) == maxCheckItems {
		return
	}
	r.Flagged = append(r.Flagged, Flagged{ID: k.ID, Status: status, Metadata: []string{
		colour, u.Name, "Access Key " + strconv.Itoa(number), k.CreatedAt.UTC().Format(time.RFC3339), reason,
	}})
}
