//! Steps as bytes: the kind, then numbers in eight bytes each, the lowest first.

use super::{HeadStep, PriorStep, Step};
use leaning::{AnswerModel, Error, Flaw, MixtureComponent, Prior};
use nalgebra::{DMatrix, DVector};

/// The first number of every step: the version of this form, and the kind.
const HEAD: u64 = 0x0001_0001;
const PRIOR: u64 = 0x0001_0002;

impl Step {
    /// The step as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer(Vec::new());
        match self {
            Step::Head(HeadStep { model, head, mean }) => {
                writer.count(HEAD as usize);
                writer.model(model);
                writer.matrix(head);
                writer.numbers(mean.as_slice());
            }
            Step::Prior(PriorStep {
                model,
                head,
                prior,
                samples,
            }) => {
                writer.count(PRIOR as usize);
                writer.model(model);
                writer.matrix(head);
                writer.count(*samples);
                writer.count(prior.components().len());
                for component in prior.components() {
                    writer.numbers(&[component.weight()]);
                    writer.numbers(component.mean().as_slice());
                    writer.matrix(&component.covariance());
                }
            }
        }
        writer.0
    }

    /// The step that [`Step::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`Error::Options`] for other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let (words, rest) = bytes.as_chunks::<8>();
        let step = rest.is_empty().then(|| Reader(words).step()).flatten();
        step.ok_or_else(|| {
            let message = "expected the bytes of a step, found others";
            Error::Options(Flaw::new("step", message))
        })
    }
}

struct Writer(Vec<u8>);

impl Writer {
    fn count(&mut self, count: usize) {
        self.0.extend((count as u64).to_le_bytes());
    }

    fn numbers(&mut self, numbers: &[f64]) {
        for number in numbers {
            self.0.extend(number.to_le_bytes());
        }
    }

    /// Lapse and indifference: people here only choose, or tie.
    fn model(&mut self, model: &AnswerModel) {
        self.numbers(&[model.lapse(), model.indifference()]);
    }

    fn matrix(&mut self, matrix: &DMatrix<f64>) {
        self.count(matrix.nrows());
        self.count(matrix.ncols());
        self.numbers(matrix.as_slice());
    }
}

/// Each method is `None` if the bytes are not what it reads.
struct Reader<'a>(&'a [[u8; 8]]);

impl Reader<'_> {
    fn step(&mut self) -> Option<Step> {
        let kind = self.count()? as u64;
        let [lapse, indifference] = self.numbers(2)?[..] else {
            return None;
        };
        let model = AnswerModel::new(lapse, indifference).ok()?;
        let head = self.matrix()?;
        let d = head.ncols();
        let step = match kind {
            HEAD => Step::Head(HeadStep {
                model,
                mean: DVector::from_vec(self.numbers(d)?),
                head,
            }),
            PRIOR => {
                let samples = self.count()?;
                let components = self.count()?;
                let prior = (0..components)
                    .map(|_| self.component(d))
                    .collect::<Option<Vec<_>>>()?;
                Step::Prior(PriorStep {
                    model,
                    head,
                    prior: Prior::mixture(prior).ok()?,
                    samples,
                })
            }
            _ => return None,
        };
        self.0.is_empty().then_some(step)
    }

    fn component(&mut self, d: usize) -> Option<MixtureComponent> {
        let weight = *self.numbers(1)?.first()?;
        let mean = DVector::from_vec(self.numbers(d)?);
        let covariance = self.matrix().filter(|of| of.shape() == (d, d))?;
        MixtureComponent::new(weight, mean, covariance).ok()
    }

    fn word(&mut self) -> Option<[u8; 8]> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn count(&mut self) -> Option<usize> {
        usize::try_from(u64::from_le_bytes(self.word()?)).ok()
    }

    fn numbers(&mut self, count: usize) -> Option<Vec<f64>> {
        let (numbers, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(numbers.iter().map(|of| f64::from_le_bytes(*of)).collect())
    }

    fn matrix(&mut self) -> Option<DMatrix<f64>> {
        let (rows, columns) = (self.count()?, self.count()?);
        let numbers = self.numbers(rows.checked_mul(columns)?)?;
        Some(DMatrix::from_vec(rows, columns, numbers))
    }
}
