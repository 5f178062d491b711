package captcha

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// The size of pictures in pixels.
const (
	Width  = 280
	Height = 90
)

// fonts parses the fonts; they stay where the program has them.
var fonts = sync.OnceValues(func() ([]*sfnt.Font, error) {
	var out []*sfnt.Font
	for _, ttf := range [][]byte{gobold.TTF, gomonobold.TTF} {
		f, err := sfnt.Parse(ttf)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
})

// canvas collects outlines, bent by one wave that runs through the whole
// picture, and fills them with one ink: nothing but its shape tells a stroke of
// noise from a stroke of a letter.
type canvas struct {
	out    *vector.Rasterizer
	random *rand.Rand
	// The wave: how far points are moved, how fast, from where.
	ampX, ampY, freqX, freqY, phaseX, phaseY float64
}

// draw renders text as PNG.
func draw(text string, random *rand.Rand) ([]byte, error) {
	faces, err := fonts()
	if err != nil {
		return nil, err
	}
	c := &canvas{
		out: vector.NewRasterizer(Width, Height), random: random,
		ampX: 2 + 2*random.Float64(), ampY: 3 + 3*random.Float64(),
		freqX: 0.08 + 0.05*random.Float64(), freqY: 0.03 + 0.02*random.Float64(),
		phaseX: 2 * math.Pi * random.Float64(), phaseY: 2 * math.Pi * random.Float64(),
	}
	const margin = 18
	step := float64(Width-2*margin) / float64(len(text))
	var buf sfnt.Buffer
	for i, r := range text {
		center := margin + step*(float64(i)+0.5) + c.around(3)
		if err := c.glyph(&buf, faces[random.IntN(len(faces))], r, center, Height/2+c.around(8)); err != nil {
			return nil, err
		}
	}
	for range 3 {
		c.stroke()
	}
	for range 40 {
		c.dot()
	}
	return c.png()
}

// around is a random number within ±d.
func (c *canvas) around(d float64) float64 { return d * (2*c.random.Float64() - 1) }

// wave bends the plane.
func (c *canvas) wave(x, y float64) (float32, float32) {
	return float32(x + c.ampX*math.Sin(c.freqX*y+c.phaseX)), float32(y + c.ampY*math.Sin(c.freqY*x+c.phaseY))
}

// glyph adds r, turned, sheared and scaled at random, around (x, y).
func (c *canvas) glyph(buf *sfnt.Buffer, f *sfnt.Font, r rune, x, y float64) error {
	index, err := f.GlyphIndex(buf, r)
	if err != nil {
		return err
	}
	size := fixed.I(52 + c.random.IntN(12))
	segments, err := f.LoadGlyph(buf, index, size, nil)
	if err != nil {
		return err
	}
	bounds, _, err := f.GlyphBounds(buf, index, size, font.HintingNone)
	if err != nil {
		return err
	}
	midX, midY := float64(bounds.Min.X+bounds.Max.X)/128, float64(bounds.Min.Y+bounds.Max.Y)/128
	sin, cos := math.Sincos(c.around(0.4))
	shear := c.around(0.25)
	at := func(p fixed.Point26_6) (float32, float32) {
		px, py := float64(p.X)/64-midX, float64(p.Y)/64-midY
		px += shear * py
		return c.wave(x+px*cos-py*sin, y+px*sin+py*cos)
	}
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			c.out.ClosePath()
			c.out.MoveTo(at(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			c.out.LineTo(at(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			bx, by := at(s.Args[0])
			cx, cy := at(s.Args[1])
			c.out.QuadTo(bx, by, cx, cy)
		case sfnt.SegmentOpCubeTo:
			bx, by := at(s.Args[0])
			cx, cy := at(s.Args[1])
			dx, dy := at(s.Args[2])
			c.out.CubeTo(bx, by, cx, cy, dx, dy)
		}
	}
	c.out.ClosePath()
	return nil
}

// stroke adds a curve from left to right through the letters, 2 to 4 pixels thick.
func (c *canvas) stroke() {
	y0, y1, y2, y3 := c.height(), c.height(), c.height(), c.height()
	half := 1 + c.random.Float64()
	curve := func(t float64) (x, y float64) {
		u := 1 - t
		return 8 + t*(Width-16), u*u*u*y0 + 3*u*u*t*y1 + 3*u*t*t*y2 + t*t*t*y3
	}
	const parts = 40
	for i := 0; i <= parts; i++ {
		x, y := curve(float64(i) / parts)
		if i == 0 {
			c.out.MoveTo(c.wave(x, y-half))
		} else {
			c.out.LineTo(c.wave(x, y-half))
		}
	}
	for i := parts; i >= 0; i-- {
		x, y := curve(float64(i) / parts)
		c.out.LineTo(c.wave(x, y+half))
	}
	c.out.ClosePath()
}

func (c *canvas) height() float64 { return Height * (0.15 + 0.7*c.random.Float64()) }

// dot adds a speck.
func (c *canvas) dot() {
	x, y, d := Width*c.random.Float64(), Height*c.random.Float64(), 1+1.5*c.random.Float64()
	c.out.MoveTo(c.wave(x-d, y))
	c.out.LineTo(c.wave(x, y+d))
	c.out.LineTo(c.wave(x+d, y))
	c.out.LineTo(c.wave(x, y-d))
	c.out.ClosePath()
}

// png fills the outlines: dark ink on white, 16 shades, contrast above 7:1.
func (c *canvas) png() ([]byte, error) {
	mask := image.NewAlpha(image.Rect(0, 0, Width, Height))
	c.out.Draw(mask, mask.Bounds(), image.Opaque, image.Point{})
	ink := color.RGBA{uint8(c.random.IntN(60)), uint8(c.random.IntN(60)), uint8(60 + c.random.IntN(60)), 255}
	const shades = 16
	palette := make(color.Palette, shades)
	for i := range palette {
		mix := func(v uint8) uint8 { return uint8(255 - (255-int(v))*i/(shades-1)) }
		palette[i] = color.RGBA{mix(ink.R), mix(ink.G), mix(ink.B), 255}
	}
	img := image.NewPaletted(mask.Bounds(), palette)
	for i, a := range mask.Pix {
		img.Pix[i] = a / (256 / shades)
	}
	var buf bytes.Buffer
	err := encoder.Encode(&buf, img)
	return buf.Bytes(), err
}

// encoder keeps the compressor's 800 KB between pictures.
var encoder = png.Encoder{BufferPool: new(encoders)}

type encoders struct{ pool sync.Pool }

func (p *encoders) Get() *png.EncoderBuffer {
	b, _ := p.pool.Get().(*png.EncoderBuffer)
	return b
}

func (p *encoders) Put(b *png.EncoderBuffer) { p.pool.Put(b) }
