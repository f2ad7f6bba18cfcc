"""What is kept of people: found, handed out, erased, reviewed, and accounted for; every use case takes a Session."""
