"""The command line: parses arguments, calls services, prints. Results go to files, words to stderr."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
