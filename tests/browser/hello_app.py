"""A very small app, to prove that the walking and the watching see what they are there to see."""

import time

import streamlit as st

st.title("Prova")
fault = st.query_params.get("fault", "")
if st.button("Contar"):
    time.sleep(1.0)
    st.write("contado até o fim")
file = st.file_uploader("Arquivo")
if file is not None:
    time.sleep(0.5)
    st.write(f"{len(file.getvalue())} bytes recebidos")
st.download_button("Baixar", data=b"a;b\n1;2\n", file_name="prova.csv")
if fault == "script":
    st.html("<script>console.error('queixa')</script>", unsafe_allow_javascript=True)
if fault == "throw":
    st.html("<script>setTimeout(() => { throw new Error('quebrou') })</script>", unsafe_allow_javascript=True)
if fault == "host":
    st.image("http://localhost:9/longe.png")
if fault == "exception":
    raise RuntimeError("quebrou")
