//! The log, the traces and what is counted, as an operator gets them from the real program.

mod collector;
mod log_file;
mod pressure;
mod request_line;
mod secrets;
mod traces;
