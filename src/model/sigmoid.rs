//! The logistic function.

/// σ(x) = 1 / (1 + e^−x) and its complement σ(−x), each to full precision however large |x| is.
pub(super) struct Sigmoid {
    pub value: f64,
    pub complement: f64,
}

impl Sigmoid {
    pub fn at(x: f64) -> Self {
        let small = libm::exp(-x.abs());
        let (near, far) = (1.0 / (1.0 + small), small / (1.0 + small));
        let (value, complement) = if x >= 0.0 { (near, far) } else { (far, near) };
        Sigmoid { value, complement }
    }

    /// σ′(x).
    pub fn slope(&self) -> f64 {
        self.value * self.complement
    }
}

/// log σ(x), exact however small it is.
pub(super) fn log_sigmoid(x: f64) -> f64 {
    x.min(0.0) - libm::log1p(libm::exp(-x.abs()))
}
