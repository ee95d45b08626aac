# Finding and running the program.

metastat_program <- function() {
  named <- getOption("metastat.program", Sys.getenv("METASTAT"))
  if (nzchar(named)) {
    found <- Sys.which(named)
    if (!nzchar(found)) {
      stop(sprintf("the option metastat.program, or METASTAT, names '%s', which cannot be run", named),
           call. = FALSE)
    }
    return(unname(found))
  }
  found <- Sys.which("metastat")
  if (!nzchar(found)) {
    stop("there is no program metastat on the PATH; install its Debian package, its wheel (pipx) or ",
         "its tarball, or name it in options(metastat.program = )", call. = FALSE)
  }
  unname(found)
}

metastat_version <- function() run_program("--version")$output

metastat_help <- function(command = NULL) {
  page <- run_program(if (is.null(command)) "--help" else c("help", command))$output
  cat(page, sep = "\n")
  invisible(page)
}

# The class of the condition for each exit code of the program.
error_classes <- c(
  "64" = "metastat_usage_error", "65" = "metastat_input_error", "66" = "metastat_nothing_there",
  "70" = "metastat_nothing_estimated", "71" = "metastat_limit_error", "73" = "metastat_output_error"
)

# Runs the program: its output as lines, and its notes. Errors are conditions with its message.
run_program <- function(arguments, input = NULL, call = NULL) {
  program <- metastat_program()
  output <- tempfile("metastat-output-")
  errors <- tempfile("metastat-errors-")
  on.exit(unlink(c(output, errors)))
  code <- system2(
    program, shQuote(arguments), stdout = output, stderr = errors,
    stdin = if (is.null(input)) "/dev/null" else input
  )
  lines <- readLines(errors, warn = FALSE, encoding = "UTF-8")
  is_note <- startsWith(lines, "note: ")
  notes <- sub("^note: ", "", lines[is_note])
  others <- sub("^error: ", "", lines[!is_note])
  if (code != 0) {
    message <- paste(others[nzchar(others)], collapse = "\n")
    if (!nzchar(message)) message <- sprintf("metastat ended with %d", code)
    known <- as.character(code) %in% names(error_classes)
    kind <- if (known) error_classes[[as.character(code)]]
    stop(structure(
      class = c(kind, "metastat_error", "error", "condition"),
      list(message = message, call = call, code = code, notes = notes, arguments = arguments)
    ))
  }
  list(
    output = readLines(output, warn = FALSE, encoding = "UTF-8"),
    notes = c(notes, others[nzchar(others)])
  )
}
