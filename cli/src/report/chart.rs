//! Curves with bands of one standard error, as SVG.

use super::axis::{Axis, LARGEST, SMALLEST, extent, is_usable, is_wide, step_between, widen};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::io;

/// One estimate on a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub x: f64,
    pub mean: f64,
    /// One standard error. NaN and infinity count as none.
    pub error: f64,
}

/// One curve.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    pub name: String,
    /// In the order in which they are connected. Points that are not finite are left out.
    pub points: Vec<Point>,
    /// Draws it thicker and above the others.
    pub emphasis: bool,
    pub dashed: bool,
}

/// Curves over one pair of axes, each with its name at its end.
///
/// Colour and marker follow from the place of a series in the list. An empty series keeps its
/// place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Chart {
    pub title: String,
    pub x_label: String,
    pub y_label: String,
    pub series: Vec<Series>,
    /// The lowest and the highest value to show; all by default. Values outside are drawn along the
    /// edge.
    pub y_range: Option<(f64, f64)>,
    /// Makes the vertical axis logarithmic. Means that are not positive are left out.
    pub log_y: bool,
}

const SIZE: (u32, u32) = (720, 440);
const MARGIN: i32 = 12;
const HEADER: i32 = 42;
const X_LABEL_AREA: i32 = 46;

const TITLE_SIZE: f64 = 16.0;
const TEXT_SIZE: f64 = 12.0;
/// From one name to the next, in pixels.
const LINE_HEIGHT: f64 = 15.0;
/// From the right edge of the plot to the marker before a name, in pixels.
const LEADER: i32 = 20;
/// From that marker to the name, in pixels.
const MARKER_SPACE: i32 = 9;
const LONGEST_NAME: usize = 26;
const LONGEST_TITLE: usize = 70;

const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
const AXIS: RGBColor = RGBColor(0x77, 0x77, 0x77);
const GRID: RGBColor = RGBColor(0xE4, 0xE4, 0xE4);

/// Colours for all kinds of colour vision: Okabe and Ito, "Color Universal Design", 2008, with the
/// grey that R adds instead of their yellow, which is too pale on white.
const PALETTE: [RGBColor; 8] = [
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0xD5, 0x5E, 0x00),
    RGBColor(0x00, 0x9E, 0x73),
    RGBColor(0xCC, 0x79, 0xA7),
    RGBColor(0xE6, 0x9F, 0x00),
    RGBColor(0x56, 0xB4, 0xE9),
    RGBColor(0x00, 0x00, 0x00),
    RGBColor(0x99, 0x99, 0x99),
];

/// Polygons around (0, 0), in pixels: disc, square, triangle, diamond, triangle on its tip, plus,
/// cross, hourglass.
const MARKERS: [&[(i32, i32)]; 8] = [
    &[
        (-2, -4),
        (2, -4),
        (4, -2),
        (4, 2),
        (2, 4),
        (-2, 4),
        (-4, 2),
        (-4, -2),
    ],
    &[(-4, -4), (4, -4), (4, 4), (-4, 4)],
    &[(0, -5), (5, 4), (-5, 4)],
    &[(0, -5), (5, 0), (0, 5), (-5, 0)],
    &[(0, 5), (5, -4), (-5, -4)],
    &[
        (-1, -5),
        (1, -5),
        (1, -1),
        (5, -1),
        (5, 1),
        (1, 1),
        (1, 5),
        (-1, 5),
        (-1, 1),
        (-5, 1),
        (-5, -1),
        (-1, -1),
    ],
    &[
        (0, -2),
        (3, -5),
        (5, -3),
        (2, 0),
        (5, 3),
        (3, 5),
        (0, 2),
        (-3, 5),
        (-5, 3),
        (-2, 0),
        (-5, -3),
        (-3, -5),
    ],
    &[(-4, -5), (4, -5), (-4, 5), (4, 5)],
];
/// The approximate number of markers on a curve: more would hide it.
const MARKERS_ON_A_CURVE: usize = 5;

type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<io::Error>>;

impl Chart {
    /// The chart as a standalone document, or as a part of a page. The same data give the same
    /// bytes.
    pub fn to_svg(&self) -> String {
        let curves = self.curves();
        let mut svg = String::new();
        let canvas = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        self.draw(&canvas, &curves)
            .expect("a string takes whatever is drawn");
        drop(canvas);
        finish(&svg, &self.title, &curves)
    }

    /// The series with points to show, in the order in which they are drawn.
    fn curves(&self) -> Vec<Curve<'_>> {
        let curves = self
            .series
            .iter()
            .enumerate()
            .map(|(index, series)| Curve::new(index, series, self.log_y));
        let mut curves: Vec<_> = curves.filter(|curve| !curve.points.is_empty()).collect();
        curves.sort_by_key(|curve| curve.series.emphasis);
        curves
    }

    fn x_axis(&self, curves: &[Curve]) -> Axis {
        let values = || {
            curves
                .iter()
                .flat_map(|curve| &curve.points)
                .map(|point| point.x)
        };
        let (low, high) = extent(values()).map_or((0.0, 1.0), widen);
        // Whole numbers have no ticks between them.
        let least_step = if values().all(|value| value.fract() == 0.0) {
            1.0
        } else {
            0.0
        };
        Axis::linear(low, high, step_between(low, high).max(least_step))
    }

    fn y_axis(&self, curves: &[Curve]) -> Axis {
        let points = || curves.iter().flat_map(|curve| &curve.points);
        let lowest = if self.log_y { SMALLEST } else { -LARGEST };
        let given = self
            .y_range
            .filter(|&(low, high)| lowest <= low && high <= LARGEST && is_wide(low, high));
        match (given, self.log_y) {
            (Some((low, high)), true) => Axis::logarithmic(low, high),
            (Some((low, high)), false) => Axis::linear(low, high, step_between(low, high)),
            (None, true) => {
                // A band can reach down to zero or below; the axis cannot.
                let found =
                    extent(points().flat_map(|point| [point.mean, point.mean + point.error]));
                Axis::logarithmic_to_ticks(found.unwrap_or((0.1, 1.0)))
            }
            (None, false) => {
                let found = extent(
                    points().flat_map(|point| [point.mean - point.error, point.mean + point.error]),
                );
                Axis::linear_to_ticks(found.map_or((0.0, 1.0), widen))
            }
        }
    }

    fn draw(&self, canvas: &Canvas, curves: &[Curve]) -> Drawn {
        canvas.fill(&WHITE)?;
        let title = shorten(&self.title, LONGEST_TITLE);
        canvas.draw_text(&title, &bold(TITLE_SIZE), (MARGIN, MARGIN))?;

        let y_axis = self.y_axis(curves);
        let mut builder = ChartBuilder::on(canvas);
        builder
            .margin(MARGIN)
            .margin_top(HEADER)
            .margin_right(names_width(curves));
        builder
            .x_label_area_size(X_LABEL_AREA)
            .y_label_area_size(28 + text_width(y_axis.longest_label()));
        let mut chart = builder.build_cartesian_2d(self.x_axis(curves), y_axis)?;
        chart
            .configure_mesh()
            .bold_line_style(GRID)
            .axis_style(AXIS)
            .label_style(plain(TEXT_SIZE))
            .x_desc(legible(&self.x_label))
            .y_desc(legible(&self.y_label))
            .draw()?;

        let pixel = |x: f64, y: f64| chart.backend_coord(&(x, y));
        let (horizontal, vertical) = chart.plotting_area().get_pixel_range();
        let ends: Vec<_> = curves
            .iter()
            .map(|curve| pixel(curve.end().x, curve.end().mean))
            .collect();
        let names = Names::new(&ends, horizontal.end, (vertical.start, vertical.end));

        for curve in curves {
            canvas.draw(&curve.band(pixel))?;
        }
        // Leaders, then lines, then no other path: `finish` counts from the last one.
        names.draw_leaders(canvas, curves, &ends)?;
        for curve in curves {
            canvas.draw(&curve.line(pixel))?;
        }
        for curve in curves {
            curve.draw_markers(canvas, pixel)?;
        }
        names.draw(canvas, curves)
    }
}

/// A series as it is drawn.
struct Curve<'a> {
    series: &'a Series,
    /// The points that can be shown.
    points: Vec<Point>,
    colour: RGBColor,
    marker: &'static [(i32, i32)],
    /// The place of the first marker among its points. It differs between curves, so that curves
    /// that run together show both.
    first_marker: usize,
}

impl<'a> Curve<'a> {
    fn new(index: usize, series: &'a Series, log_y: bool) -> Self {
        let is_shown = |point: &&Point| {
            is_usable(point.x) && is_usable(point.mean) && (point.mean >= SMALLEST || !log_y)
        };
        let error = |point: &Point| {
            if is_usable(point.error) {
                point.error.abs()
            } else {
                0.0
            }
        };
        let points = series.points.iter().filter(is_shown);
        Curve {
            series,
            points: points
                .map(|point| Point {
                    error: error(point),
                    ..*point
                })
                .collect(),
            colour: PALETTE[index % PALETTE.len()],
            // When the colours repeat, no colour has the same marker again.
            marker: MARKERS[(index + index / PALETTE.len()) % MARKERS.len()],
            first_marker: index,
        }
    }

    fn end(&self) -> Point {
        self.points[self.points.len() - 1]
    }

    fn band(&self, pixel: impl Fn(f64, f64) -> (i32, i32)) -> Polygon<(i32, i32)> {
        let above = self
            .points
            .iter()
            .map(|point| pixel(point.x, point.mean + point.error));
        let below = self
            .points
            .iter()
            .rev()
            .map(|point| pixel(point.x, point.mean - point.error));
        Polygon::new(
            above.chain(below).collect::<Vec<_>>(),
            self.colour.mix(0.15),
        )
    }

    fn line(&self, pixel: impl Fn(f64, f64) -> (i32, i32)) -> PathElement<(i32, i32)> {
        let width = if self.series.emphasis { 4 } else { 2 };
        let points: Vec<_> = self
            .points
            .iter()
            .map(|point| pixel(point.x, point.mean))
            .collect();
        PathElement::new(points, self.colour.stroke_width(width))
    }

    fn draw_markers(&self, canvas: &Canvas, pixel: impl Fn(f64, f64) -> (i32, i32)) -> Drawn {
        let step = self.points.len().div_ceil(MARKERS_ON_A_CURVE);
        for point in self
            .points
            .iter()
            .skip(self.first_marker % step)
            .step_by(step)
        {
            self.draw_marker(canvas, pixel(point.x, point.mean))?;
        }
        Ok(())
    }

    fn draw_marker(&self, canvas: &Canvas, (x, y): (i32, i32)) -> Drawn {
        let corners: Vec<_> = self
            .marker
            .iter()
            .map(|(dx, dy)| (x + dx, y + dy))
            .collect();
        canvas.draw(&Polygon::new(corners, self.colour))
    }
}

/// The places of the names of the curves.
struct Names {
    x: i32,
    ys: Vec<i32>,
    text_size: f64,
}

impl Names {
    /// Names for curves that end at `ends`, to the right of a plot that extends to `right`, and
    /// from `top` to `bottom`.
    fn new(ends: &[(i32, i32)], right: i32, (top, bottom): (i32, i32)) -> Self {
        let room = f64::from(bottom - top) / ends.len().saturating_sub(1).max(1) as f64;
        let gap = LINE_HEIGHT.min(room);
        let wanted: Vec<_> = ends.iter().map(|end| f64::from(end.1)).collect();
        let ys = push_apart(&wanted, gap, f64::from(top), f64::from(bottom));
        let ys = ys.into_iter().map(|y| y.round() as i32).collect();
        Names {
            x: right + LEADER,
            ys,
            text_size: TEXT_SIZE * gap / LINE_HEIGHT,
        }
    }

    /// Draws a thin line from the end of each curve to its name; [`finish`] makes it dotted.
    fn draw_leaders(&self, canvas: &Canvas, curves: &[Curve], ends: &[(i32, i32)]) -> Drawn {
        for ((curve, &end), &y) in curves.iter().zip(ends).zip(&self.ys) {
            canvas.draw(&PathElement::new(vec![end, (self.x, y)], curve.colour))?;
        }
        Ok(())
    }

    /// Draws the marker of each curve and its name, in an ink that is easier to read than the
    /// colours.
    fn draw(&self, canvas: &Canvas, curves: &[Curve]) -> Drawn {
        for (curve, &y) in curves.iter().zip(&self.ys) {
            curve.draw_marker(canvas, (self.x, y))?;
            let style = if curve.series.emphasis {
                bold(self.text_size)
            } else {
                plain(self.text_size)
            };
            let style = style.pos(Pos::new(HPos::Left, VPos::Center));
            canvas.draw_text(
                &shorten(&curve.series.name, LONGEST_NAME),
                &style,
                (self.x + MARKER_SPACE, y),
            )?;
        }
        Ok(())
    }
}

/// The places nearest to those wanted, in least squares, that are at least `gap` apart, keep the
/// order and lie between `low` and `high`.
///
/// Minus the gaps before it, no place may be below the one before. This is an isotonic regression,
/// solved by pooling neighbours that are in the wrong order.
fn push_apart(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<_> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (rank, &index) in order.iter().enumerate() {
        let mut pool = (wanted[index] - gap * rank as f64, 1);
        while let Some(&(mean, count)) = pools.last().filter(|(mean, _)| *mean > pool.0) {
            pools.pop();
            let both = count + pool.1;
            pool = (
                (mean * count as f64 + pool.0 * pool.1 as f64) / both as f64,
                both,
            );
        }
        pools.push(pool);
    }
    let highest = high - gap * wanted.len().saturating_sub(1) as f64;
    let pooled = pools
        .into_iter()
        .flat_map(|(mean, count)| std::iter::repeat_n(mean, count));
    let mut places = vec![0.0; wanted.len()];
    for (rank, (&index, mean)) in order.iter().zip(pooled).enumerate() {
        places[index] = mean.min(highest).max(low) + gap * rank as f64;
    }
    places
}

fn plain(size: f64) -> TextStyle<'static> {
    // Plotters takes sizes for line heights, which are 1.24 times the font size of SVG.
    ("sans-serif", size * 1.24).into_font().color(&INK)
}

fn bold(size: f64) -> TextStyle<'static> {
    ("sans-serif", size * 1.24)
        .into_font()
        .style(FontStyle::Bold)
        .color(&INK)
}

/// An upper bound of the width of this many characters, in pixels. Only the reader's browser knows
/// the width itself.
fn text_width(characters: usize) -> i32 {
    (characters as f64 * 0.62 * TEXT_SIZE).ceil() as i32
}

/// The width of the names of the curves, to the right of the plot.
fn names_width(curves: &[Curve]) -> i32 {
    let longest = curves
        .iter()
        .map(|curve| curve.series.name.chars().count().min(LONGEST_NAME))
        .max();
    longest.map_or(MARGIN, |longest| {
        LEADER + MARKER_SPACE + text_width(longest) + MARGIN
    })
}

/// Text without characters that XML does not allow.
fn legible(text: &str) -> String {
    text.replace(
        |character: char| character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}'),
        " ",
    )
}

/// The beginning of a text, up to `most` characters.
fn shorten(text: &str, most: usize) -> String {
    let text = legible(text);
    match text.char_indices().nth(most) {
        None => text,
        Some(_) => text.chars().take(most - 1).chain(['…']).collect(),
    }
}

/// Adds parts that plotters does not write: a role and title for screen readers, and dashes. (Its
/// own dashed lines have an element per dash.)
fn finish(svg: &str, title: &str, curves: &[Curve]) -> String {
    // Neither < nor " occurs in text, where they are escaped.
    const PATH: &str = "<polyline ";
    let svg = svg.replace(" opacity=\"1\"", "");
    let svg = svg.replacen("<svg ", "<svg role=\"img\" ", 1).replacen(
        '\n',
        &format!("\n{}\n", title_element(title)),
        1,
    );
    let pieces: Vec<_> = svg.split(PATH).collect();
    let (others, last) = pieces.split_at(pieces.len() - 2 * curves.len());
    let leaders = curves.iter().map(|_| "stroke-dasharray=\"1 2\" ");
    let lines = curves.iter().map(|curve| {
        if curve.series.dashed {
            "stroke-dasharray=\"7 4\" "
        } else {
            ""
        }
    });
    let mut finished = others.join(PATH);
    for (dashes, path) in leaders.chain(lines).zip(last) {
        finished.extend([PATH, dashes, path]);
    }
    finished
}

fn title_element(title: &str) -> String {
    let escaped = legible(title)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    format!("<title>{escaped}</title>")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(name: &str, points: impl IntoIterator<Item = (f64, f64, f64)>) -> Series {
        let points = points
            .into_iter()
            .map(|(x, mean, error)| Point { x, mean, error })
            .collect();
        Series {
            name: name.to_owned(),
            points,
            ..Series::default()
        }
    }

    /// Regrets that fall from .6 towards .05, with some noise.
    fn falling(index: usize) -> Series {
        let points = (1..=20).map(|x| {
            let x = f64::from(x);
            let rate = 0.1 + 0.05 * index as f64;
            let noise = 0.012 * (x * 12.9898 + index as f64 * 78.233).sin();
            (x, 0.05 + 0.55 * (-rate * x).exp() + noise, 0.012)
        });
        series(&format!("strategy number {index}"), points)
    }

    fn chart(series: Vec<Series>) -> Chart {
        let [title, x_label, y_label] =
            ["Regret by strategy", "answers", "regret"].map(str::to_owned);
        Chart {
            title,
            x_label,
            y_label,
            series,
            ..Chart::default()
        }
    }

    fn count(svg: &str, part: &str) -> usize {
        svg.matches(part).count()
    }

    /// Number of bands: the transparent polygons.
    fn bands(svg: &str) -> usize {
        count(svg, "<polygon opacity=\"0.15\"")
    }

    /// The heights of the names.
    fn heights(svg: &str, name: &str) -> Vec<i32> {
        let texts: Vec<_> = svg
            .split("<text ")
            .filter(|text| text.contains(name))
            .collect();
        let height = |text: &&str| text.split('"').nth(3).unwrap().parse().unwrap();
        texts.iter().map(height).collect()
    }

    #[test]
    fn each_series_has_a_line_a_band_and_its_name() {
        let svg = chart((0..3).map(falling).collect()).to_svg();
        assert_eq!(bands(&svg), 3);
        assert_eq!(heights(&svg, "strategy number").len(), 3);
        for colour in ["#0072B2", "#D55E00", "#009E73"] {
            assert!(
                svg.contains(&format!(
                    "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\""
                )),
                "{colour}"
            );
        }
    }

    #[test]
    fn a_screen_reader_is_told_the_title() {
        let mut chart = chart(vec![]);
        chart.title = "p < .05 & \"so\" on\u{1}".to_owned();
        let svg = chart.to_svg();
        let (head, rest) = svg.split_once('\n').unwrap();
        assert!(head.starts_with("<svg role=\"img\" "));
        assert!(rest.starts_with("<title>p &lt; .05 &amp; \"so\" on </title>\n"));
        assert!(!svg.contains('\u{1}'));
    }

    #[test]
    fn the_same_data_give_the_same_bytes() {
        let chart = chart((0..8).map(falling).collect());
        assert_eq!(chart.to_svg(), chart.to_svg());
    }

    #[test]
    fn eight_series_of_twenty_points_stay_small() {
        let all = (0..8)
            .map(|index| Series {
                dashed: true,
                ..falling(index)
            })
            .collect();
        let size = chart(all).to_svg().len();
        assert!(size < 25_000, "{size} bytes");
    }

    #[test]
    fn an_empty_chart_is_still_a_chart() {
        for log_y in [false, true] {
            let svg = Chart {
                log_y,
                ..Chart::default()
            }
            .to_svg();
            assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
            assert_eq!(bands(&svg), 0);
        }
    }

    #[test]
    fn points_that_are_not_finite_are_left_out() {
        let whole = series("a", [(1.0, 0.5, 0.1), (3.0, 0.4, 0.1)]);
        let holes = [
            (1.0, 0.5, 0.1),
            (2.0, f64::NAN, 0.1),
            (f64::INFINITY, 1.0, 0.1),
            (3.0, 0.4, 0.1),
        ];
        assert_eq!(
            chart(vec![series("a", holes)]).to_svg(),
            chart(vec![whole]).to_svg()
        );
        let nothing = chart(vec![series("a", [(1.0, f64::NAN, 0.1)])]).to_svg();
        assert_eq!(nothing, chart(vec![]).to_svg());
    }

    #[test]
    fn a_point_without_an_error_has_no_band() {
        let with =
            |error| chart(vec![series("a", [(1.0, 0.5, error), (2.0, 0.25, error)])]).to_svg();
        assert_eq!(with(f64::NAN), with(0.0));
    }

    #[test]
    fn a_logarithmic_axis_leaves_out_numbers_that_are_not_positive() {
        let log = |points: &[(f64, f64, f64)]| {
            Chart {
                log_y: true,
                ..chart(vec![series("a", points.iter().copied())])
            }
            .to_svg()
        };
        let positive = [(1.0, 0.5, 0.1), (3.0, 0.001, 0.1)];
        let all = [
            (1.0, 0.5, 0.1),
            (2.0, 0.0, 0.1),
            (2.5, -1.0, 0.1),
            (3.0, 0.001, 0.1),
        ];
        assert_eq!(log(&all), log(&positive));
    }

    #[test]
    fn a_series_keeps_its_colour_when_another_is_empty() {
        let svg = chart(vec![series("none", []), falling(1)]).to_svg();
        assert!(svg.contains("#D55E00") && !svg.contains("#0072B2"));
    }

    #[test]
    fn an_emphasised_series_is_thicker_and_on_top() {
        let svg = chart(vec![
            Series {
                emphasis: true,
                ..falling(0)
            },
            falling(1),
        ])
        .to_svg();
        let thick = svg.find("stroke=\"#0072B2\" stroke-width=\"4\"").unwrap();
        assert!(thick > svg.find("stroke=\"#D55E00\" stroke-width=\"2\"").unwrap());
    }

    #[test]
    fn only_the_line_of_a_dashed_series_is_dashed() {
        let svg = chart(vec![
            falling(0),
            Series {
                dashed: true,
                ..falling(1)
            },
            falling(2),
        ])
        .to_svg();
        assert_eq!(count(&svg, "stroke-dasharray=\"7 4\""), 1);
        assert!(svg.contains(
            "<polyline stroke-dasharray=\"7 4\" fill=\"none\" stroke=\"#D55E00\" stroke-width=\"2\""
        ));
    }

    #[test]
    fn names_of_curves_that_end_together_do_not_overlap() {
        let svg = chart(
            (0..8)
                .map(|_| series("same", [(0.0, 1.0, 0.0), (1.0, 0.0, 0.0)]))
                .collect(),
        )
        .to_svg();
        let mut heights = heights(&svg, "same");
        heights.sort_unstable();
        assert_eq!(heights.len(), 8);
        assert!(
            heights.windows(2).all(|pair| pair[1] - pair[0] >= 15),
            "{heights:?}"
        );
    }

    #[test]
    fn names_move_no_further_than_necessary() {
        assert_eq!(push_apart(&[50.0, 10.0], 15.0, 0.0, 100.0), [50.0, 10.0]);
        assert_eq!(
            push_apart(&[50.0, 50.0, 50.0], 10.0, 0.0, 100.0),
            [40.0, 50.0, 60.0]
        );
        assert_eq!(
            push_apart(&[99.0, 98.0, 2.0], 10.0, 0.0, 100.0),
            [100.0, 90.0, 2.0]
        );
        assert_eq!(push_apart(&[-5.0, 3.0], 10.0, 0.0, 100.0), [0.0, 10.0]);
        assert!(push_apart(&[], 10.0, 0.0, 100.0).is_empty());
    }

    #[test]
    fn names_are_smaller_if_there_is_little_room() {
        let svg = chart((0..60).map(|_| series("same", [(0.0, 1.0, 0.0)])).collect()).to_svg();
        let mut heights = heights(&svg, "same");
        heights.sort_unstable();
        assert!(
            heights.windows(2).all(|pair| pair[1] - pair[0] >= 4),
            "{heights:?}"
        );
        assert!(heights[0] >= 0 && heights[59] <= 440);
    }

    #[test]
    fn no_two_of_the_first_64_series_look_alike() {
        let looks = |index| {
            let nothing = Series::default();
            let curve = Curve::new(index, &nothing, false);
            (curve.colour, curve.marker)
        };
        assert!((0..64).all(|one| (0..one).all(|other| looks(one) != looks(other))));
    }

    #[test]
    fn whole_numbers_have_no_ticks_between_them() {
        let svg = chart(vec![series("a", [(0.0, 1.0, 0.0), (3.0, 2.0, 0.0)])]);
        assert_eq!(svg.x_axis(&svg.curves()).ticks, [0.0, 1.0, 2.0, 3.0]);
    }

    #[test]
    fn any_numbers_can_be_drawn() {
        let values = [
            0.0,
            5e-324,
            f64::MIN_POSITIVE,
            1e-300,
            1.0,
            1.0 + f64::EPSILON,
            1e16,
            1e300,
            -1e300,
            f64::MAX,
        ];
        for (log_y, (&x, &mean)) in [false, true].into_iter().flat_map(|log_y| {
            values
                .iter()
                .zip(values.iter().rev())
                .map(move |at| (log_y, at))
        }) {
            for y_range in [
                None,
                Some((mean, x)),
                Some((x, mean)),
                Some((f64::NAN, 1.0)),
            ] {
                let points = [(x, mean, 0.0), (1.0, x, mean), (mean, 1.0, f64::MAX)];
                let svg = Chart {
                    log_y,
                    y_range,
                    ..chart(vec![series("a", points)])
                }
                .to_svg();
                assert!(svg.len() < 12_000 && !svg.contains("NaN"), "{x} {mean}");
            }
        }
    }
}
