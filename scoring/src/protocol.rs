//! The protocols that are spoken.

use crate::answer::Reply;
use crate::error::Error;
use crate::{digits, embeddings, rewards};
use serde_json::Value;

/// How a server is asked, and how it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// OpenAI's chat completions, of a judge: [`crate::judge`].
    Chat,
    /// vLLM's `/classify`: [`rewards::classify`].
    Classify,
    /// vLLM's `/pooling`, of a reward model: [`rewards::pooling`].
    Pooling,
    /// SGLang's own `/classify`: [`rewards::sglang`].
    Sglang,
    /// NVIDIA NIM's reward models behind chat completions: [`rewards::nim`].
    Nim,
    /// OpenAI's embeddings: [`embeddings`].
    Embeddings,
    /// vLLM's `/pooling`, of a model of embeddings: [`embeddings`].
    PooledEmbeddings,
}

impl Protocol {
    /// Its name in the cache. It never changes.
    pub fn name(self) -> &'static str {
        match self {
            Protocol::Chat => "chat",
            Protocol::Classify => "classify",
            Protocol::Pooling => "pooling",
            Protocol::Sglang => "sglang",
            Protocol::Nim => "nim",
            Protocol::Embeddings => "embeddings",
            Protocol::PooledEmbeddings => "pooled-embeddings",
        }
    }

    /// The end of the path of its address.
    pub fn path(self) -> &'static str {
        match self {
            Protocol::Chat | Protocol::Nim => "/chat/completions",
            Protocol::Classify | Protocol::Sglang => "/classify",
            Protocol::Pooling | Protocol::PooledEmbeddings => "/pooling",
            Protocol::Embeddings => "/embeddings",
        }
    }

    /// Whether its path is below `/v1`.
    pub(crate) fn is_versioned(self) -> bool {
        matches!(self, Protocol::Chat | Protocol::Nim | Protocol::Embeddings)
    }

    /// Whether one request can have several texts under `input`.
    pub(crate) fn has_batches(self) -> bool {
        matches!(self, Protocol::Embeddings | Protocol::PooledEmbeddings)
    }

    /// Reads a server's reply about as many texts: a reply for each, or one about all of them.
    pub(crate) fn read(self, reply: &Value, texts: usize) -> Result<Vec<Reply>, Error> {
        match self {
            Protocol::Chat => Ok(vec![digits::read_reply(reply, texts)?]),
            Protocol::Classify => Ok(vec![rewards::classify::read(reply)?]),
            Protocol::Pooling => Ok(vec![rewards::pooling::read(reply)?]),
            Protocol::Sglang => Ok(vec![rewards::sglang::read(reply)?]),
            Protocol::Nim => Ok(vec![rewards::nim::read(reply)?]),
            Protocol::Embeddings => embeddings::read(reply, "embedding", texts),
            Protocol::PooledEmbeddings => embeddings::read(reply, "data", texts),
        }
    }
}
