package account

import (
	"slices"
	"strings"
	"time"

	"sekisho/internal/fault"
)

// RegionStatus is whether an account can use a region, in the words of AWS.
type RegionStatus string

// The statuses.
const (
	RegionEnabledByDefault RegionStatus = "ENABLED_BY_DEFAULT" // and cannot be disabled
	RegionEnabling         RegionStatus = "ENABLING"
	RegionEnabled          RegionStatus = "ENABLED"
	RegionDisabling        RegionStatus = "DISABLING"
	RegionDisabled         RegionStatus = "DISABLED"
)

const (
	// RegionSettles is how long it takes to enable or disable a region. At AWS it is
	// minutes to hours; clients have to see that it is not at once.
	RegionSettles = time.Minute

	// maxRegionChanges is how many regions of an account may be under way at a time.
	maxRegionChanges = 6
)

// regions are AWS's regions by name, in order, and whether an account has to opt
// in to use them.
var regions = []struct {
	name  string
	optIn bool
}{
	{"af-south-1", true},
	{"ap-east-1", true},
	{"ap-east-2", true},
	{"ap-northeast-1", false},
	{"ap-northeast-2", false},
	{"ap-northeast-3", false},
	{"ap-south-1", false},
	{"ap-south-2", true},
	{"ap-southeast-1", false},
	{"ap-southeast-2", false},
	{"ap-southeast-3", true},
	{"ap-southeast-4", true},
	{"ap-southeast-5", true},
	{"ap-southeast-6", true},
	{"ap-southeast-7", true},
	{"ca-central-1", false},
	{"ca-west-1", true},
	{"eu-central-1", false},
	{"eu-central-2", true},
	{"eu-north-1", false},
	{"eu-south-1", true},
	{"eu-south-2", true},
	{"eu-west-1", false},
	{"eu-west-2", false},
	{"eu-west-3", false},
	{"il-central-1", true},
	{"me-central-1", true},
	{"me-south-1", true},
	{"mx-central-1", true},
	{"sa-east-1", false},
	{"us-east-1", false},
	{"us-east-2", false},
	{"us-west-1", false},
	{"us-west-2", false},
}

// Region is a region as an account has it.
type Region struct {
	Name   string
	Status RegionStatus
}

// RegionChoice is what an account asked for last about a region to opt in to.
type RegionChoice struct {
	Region string
	Enable bool
	At     time.Time
}

// statusAt is the status at now.
func (c RegionChoice) statusAt(now time.Time) RegionStatus {
	settled := !now.Before(c.At.Add(RegionSettles))
	switch {
	case c.Enable && settled:
		return RegionEnabled
	case c.Enable:
		return RegionEnabling
	case settled:
		return RegionDisabled
	}
	return RegionDisabling
}

// RegionStore keeps what accounts chose.
type RegionStore interface {
	// RegionChoices returns the account's choices in order of region.
	RegionChoices(account string) ([]RegionChoice, error)
	// PutRegionChoice creates or replaces. An account that does not exist is NotFound.
	PutRegionChoice(account string, c RegionChoice) error
}

// RegionsOf are all regions as the account has them at now, in order of name.
func RegionsOf(tx RegionStore, account string, now time.Time) ([]Region, error) {
	choices, err := tx.RegionChoices(account)
	if err != nil {
		return nil, err
	}
	chosen := make(map[string]RegionStatus, len(choices))
	for _, c := range choices {
		chosen[c.Region] = c.statusAt(now)
	}
	all := make([]Region, 0, len(regions))
	for _, r := range regions {
		status := RegionEnabledByDefault
		if r.optIn {
			if status = chosen[r.name]; status == "" {
				status = RegionDisabled
			}
		}
		all = append(all, Region{r.name, status})
	}
	return all, nil
}

// RegionOf is one of [RegionsOf]; a name that no region has is Invalid.
func RegionOf(tx RegionStore, account, name string, now time.Time) (Region, error) {
	all, err := RegionsOf(tx, account, now)
	if err != nil {
		return Region{}, err
	}
	i, ok := slices.BinarySearchFunc(all, name, func(r Region, name string) int { return strings.Compare(r.Name, name) })
	if !ok {
		return Region{}, invalid("region", "The specified Region is not valid.")
	}
	return all[i], nil
}

// ChooseRegion begins to enable or disable a region for the account. It is
// Invalid for regions that are always enabled and for one that is so already,
// a Conflict while the region's last change is under way, and Throttled while too
// many others are.
func ChooseRegion(tx RegionStore, account, name string, enable bool, now time.Time) error {
	all, err := RegionsOf(tx, account, now)
	if err != nil {
		return err
	}
	region, err := RegionOf(tx, account, name, now)
	if err != nil {
		return err
	}
	switch region.Status {
	case RegionEnabling, RegionDisabling:
		return fault.New(fault.Conflict, "region-settling", "The Region's opt-in status is %s. Try again when it has settled.", region.Status)
	case RegionEnabled:
		if enable {
			return errRegionStatus
		}
	case RegionDisabled:
		if !enable {
			return errRegionStatus
		}
	default:
		return errRegionStatus
	}
	underWay := 0
	for _, r := range all {
		if r.Status == RegionEnabling || r.Status == RegionDisabling {
			underWay++
		}
	}
	if underWay >= maxRegionChanges {
		return fault.New(fault.Throttled, "region-changes", "At most %d Regions of an account can be enabled or disabled at a time.", maxRegionChanges)
	}
	return tx.PutRegionChoice(account, RegionChoice{Region: name, Enable: enable, At: now})
}

// errRegionStatus has the words that AWS is seen to use.
var errRegionStatus = fault.New(fault.Invalid, "region", "Unable to switch region status because of its current opt-in status.")
